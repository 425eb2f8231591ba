extension KeyService {
    /// Makes a deactivated version the default one again. The present default version is deactivated in the same transaction.
    package func activateVersion(
        _ number: VersionNumber, of reference: KeyReference, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await withAudit(.changeState, changing: reference, "version activated", options, by: caller) {
            (key) throws(KMSError) in
            try await key.change(version: number, options) { (edit, version) throws(KMSError) in
                try edit.activate(version, note: options.note)
            }
        }
    }
}
