/// What proves the audit log up to a moment, to be kept where the log is not.
public struct PublishedCheckpoint: Sendable {
    /// The line as it stands in the log; nil when there is none yet.
    public let line: String?
    /// By which its signature is verified; nil when the token has no audit key.
    public let auditKey: PublicKeyInfo?
}

extension KeyService {
    /// The latest checkpoint of this process's audit log.
    public func latestCheckpoint(by principal: Principal) async throws(KMSError) -> PublishedCheckpoint {
        try await perform(.readAudit, by: principal) { (_) throws(KMSError) in
            PublishedCheckpoint(line: audit.publishedCheckpoint, auditKey: token.auditKey)
        }
    }
}
