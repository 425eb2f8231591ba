/// Whom somebody else vouches for: an issuer of tokens, or of certificates.
public struct ExternalIdentity: Hashable, Sendable {
    /// With the configured prefix, so that an issuer can name none of the directory's own subjects.
    public let subject: SubjectID
    /// With the same prefix. Those that the directory does not have give nothing.
    public let groups: Set<GroupID>
    /// The project that the issuer names; nil when it names none.
    public let project: ProjectID?
    /// For the audit log: `jwt:<issuer>`, `certificate:<fingerprint>`.
    public let authentication: String
    public let expiresAt: Timestamp?

    public init(
        subject: SubjectID, groups: Set<GroupID> = [], project: ProjectID? = nil, authentication: String,
        expiresAt: Timestamp? = nil
    ) {
        self.subject = subject
        self.groups = groups
        self.project = project
        self.authentication = authentication
        self.expiresAt = expiresAt
    }
}

/// What the domain needs to believe a JSON Web Token (RFC 7519) of somebody else.
public protocol IdentityVerifier: Sendable {
    /// - Parameter presented: a compact JWS, as it came.
    /// - Throws: ``KMSError/unauthenticated``, whatever is wrong with it; ``KMSError/busy(_:)`` when the issuer's keys cannot be had.
    func verify(jwt presented: String, at now: Timestamp) async throws(KMSError) -> ExternalIdentity
}
