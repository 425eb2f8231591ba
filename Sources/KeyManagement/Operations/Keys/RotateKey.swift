extension KeyService {
    /// Creates a new version, which becomes the default one. The previous one is deactivated in the same transaction and still
    /// decrypts. A key in pre-activation gets its first version.
    ///
    /// When this returns, the version is on disk.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` for a key whose versions are all destroyed, or whose material is imported.
    package func rotateKey(
        _ reference: KeyReference, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await withAudit(.rotateKey, changing: reference, "key rotated", options, by: caller) {
            (key) throws(KMSError) in
            try await addVersionIfWanted(to: key, options: options) { _ in true }
        }
    }
}
