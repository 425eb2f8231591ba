extension KeyService {
    /// Deactivates a version: it no longer encrypts, but still decrypts.
    package func deactivateVersion(
        _ number: VersionNumber, of reference: KeyReference, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await withAudit(.changeState, changing: reference, "version deactivated", options, by: caller) {
            (key) throws(KMSError) in
            try await key.change(version: number, options) { (edit, version) throws(KMSError) in
                try edit.move(version, on: .deactivate, note: options.note)
            }
        }
    }
}
