/// The evidence for the audit log up to a moment, to be kept apart from the log.
package struct PublishedCheckpoint: Sendable {
    /// The line as it stands in the log; `nil` if there is none yet.
    package let line: String?
    /// The public key that verifies its signature; `nil` if the token has no audit key.
    package let auditKey: PublicKeyInfo?
}

extension KeyService {
    /// Returns the latest checkpoint of this process's audit log.
    package func latestCheckpoint(by principal: Principal) async throws(KMSError) -> PublishedCheckpoint {
        try await withAudit(.readAudit, by: principal) { (_) throws(KMSError) in
            PublishedCheckpoint(line: audit.publishedCheckpoint, auditKey: tokenInformation.auditKey)
        }
    }
}
