extension AuthorizedKey {
    /// Changes one version.
    func change(
        version number: VersionNumber, _ options: ChangeOptions,
        _ body: (inout KeyEdit, VersionRecord) throws(KMSError) -> Void
    ) async throws(KMSError) -> ChangeOutcome? {
        try await change(version: number, options: options) { (edit) throws(KMSError) in
            guard let version = edit.subject else { throw .versionNotFound(number) }
            try body(&edit, version)
            return .store
        }
    }
}
