extension KeyService {
    /// Returns one version of a key.
    ///
    /// - Throws: ``KMSError/versionNotFound(_:)`` if the key never had it.
    package func describeVersion(
        _ number: VersionNumber, of reference: KeyReference, by caller: Caller
    ) async throws(KMSError) -> VersionRecord {
        try await withAudit(.describeKey, by: caller) { (operation) throws(KMSError) in
            guard let version = try await operation.find(reference, with: .number(number)).version else {
                throw .versionNotFound(number)
            }
            return version
        }
    }

    /// Returns the uses of a version in the last 90 days.
    package func versionUsage(
        _ number: VersionNumber, of reference: KeyReference, by caller: Caller
    ) async throws(KMSError) -> UsageSummary {
        let version = try await describeVersion(number, of: reference, by: caller)
        return try await usage(of: version.id)
    }
}
