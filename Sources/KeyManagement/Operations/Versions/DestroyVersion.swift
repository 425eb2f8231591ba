import Crypto

extension KeyService {
    /// Destroys a version whose waiting period is over. Its blob is erased, and everything that was encrypted by it is lost.
    ///
    /// The scheduler does the same by itself.
    package func destroyVersion(
        _ number: VersionNumber, of reference: KeyReference, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await withAudit(.destroy, changing: reference, "version destroyed", options, by: caller) {
            (key) throws(KMSError) in
            try await key.change(version: number, options) { (edit, version) throws(KMSError) in
                try edit.requireNotPendingDeletion()
                try edit.destroy(version) { Array(SHA256.hash(data: $0)) }
            }
        }
    }
}
