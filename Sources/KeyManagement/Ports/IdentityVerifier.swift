/// An identity asserted by an external issuer of tokens or certificates.
package struct ExternalIdentity: Hashable, Sendable {
    /// The subject, with the configured prefix, so that an issuer cannot name the directory's own subjects.
    package let subject: SubjectID
    /// The groups, with the same prefix. Groups that the directory does not have grant nothing.
    package let groups: Set<GroupID>
    /// The project that the issuer names; `nil` if it names none.
    package let project: ProjectID?
    /// The authentication as the audit log names it: `jwt:<issuer>`, `certificate:<fingerprint>`.
    package let authentication: String
    package let expiresAt: Timestamp?

    package init(
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

/// A verifier of JSON Web Tokens (RFC 7519) from external issuers.
package protocol IdentityVerifier: Sendable {
    /// Verifies a JSON Web Token and returns the identity that it asserts.
    ///
    /// - Parameters:
    ///   - presented: a compact JWS, as received.
    ///   - now: the time that the token's validity is checked at.
    /// - Throws: ``KMSError/unauthenticated`` for any defect of the token; ``KMSError/busy(_:)`` if the issuer's keys cannot be
    ///   obtained.
    func verify(jwt presented: String, at now: Timestamp) async throws(KMSError) -> ExternalIdentity
}
