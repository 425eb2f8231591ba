/// The credentials and the circumstances of a request, from which its caller is authenticated.
package struct AuthenticationRequest: Sendable {
    /// The bearer token: one issued by this service, or a JSON Web Token; `nil` if the request has none.
    package var bearer: String?
    /// The identity that a verified client certificate names.
    package var certificate: ExternalIdentity?
    /// The project that the request names; `nil` if it names none.
    package var project: String?
    /// The IP address that the request came from.
    package var source: String?
    package var requestID: String
    /// The approval that the request names; `nil` if it names none.
    package var approval: String?
    /// True if a failed authentication is written into the audit log. False where so many can come that they would fill it.
    package var isRecorded = true

    package init(
        bearer: String? = nil, certificate: ExternalIdentity? = nil, project: String? = nil, source: String? = nil,
        requestID: String = "", approval: String? = nil
    ) {
        self.bearer = bearer
        self.certificate = certificate
        self.project = project
        self.source = source
        self.requestID = requestID
        self.approval = approval
    }
}

/// The authenticated principal and the project of a request.
package struct Authenticated: Sendable {
    package let principal: Principal
    /// The project; `nil` if neither request nor credential names one, and the principal does not have exactly one.
    package let project: ProjectID?
}

extension KeyService {
    /// Authenticates the caller of a request, and determines its project.
    ///
    /// - Throws: ``KMSError/unauthenticated``, whatever is wrong with the credentials; ``KMSError/accessDenied(reason:)`` if a
    ///   credential is for another project; ``KMSError/recordTampered(_:)`` if a stored record is not as it was sealed.
    package func authenticate(_ shown: AuthenticationRequest) async throws(KMSError) -> Authenticated {
        do throws(KMSError) {
            let found = try await identify(shown)
            let named = try shown.project.map { (text) throws(KMSError) in try ProjectID(text) }
            if let scope = found.scope, let named, named != scope {
                throw .accessDenied(reason: "this credential is for project \(scope) only")
            }
            let only = found.profile.roles.byProject.count == 1 ? found.profile.roles.byProject.keys.first : nil
            let approval = try shown.approval.map { (text) throws(KMSError) in
                guard let id = ApprovalID(text) else {
                    throw .invalidRequest("the approval is not named by an id; 'kms approval list' shows the ids")
                }
                return id
            }
            let principal = Principal(
                profile: found.profile,
                authentication: found.authentication, source: shown.source,
                requestID: shown.requestID, approval: approval)
            return Authenticated(principal: principal, project: named ?? found.scope ?? only)
        } catch {
            let isCommon = error.code == .unauthenticated || error.code == .busy
            if shown.isRecorded || !isCommon { try await recordFailure(error, of: shown) }
            throw error
        }
    }

    private struct Identified {
        /// The profile, restricted to the scope.
        let profile: Profile
        let authentication: String
        /// The only project that the credential is valid for, or the one that the issuer names.
        let scope: ProjectID?
    }

    private func identify(_ shown: AuthenticationRequest) async throws(KMSError) -> Identified {
        if let text = shown.bearer {
            if let token = BearerToken(presented: text) { return try await identify(token, from: shown.source) }
            guard let identities else { throw .unauthenticated }
            return try await identify(try await identities.verify(jwt: text, at: clock.now))
        }
        guard let certificate = shown.certificate else { throw .unauthenticated }
        return try await identify(certificate)
    }

    private func identify(_ token: BearerToken, from source: String?) async throws(KMSError) -> Identified {
        let hash = token.hash
        let now = clock.now
        guard let standing = try await records.standing(of: hash), standing.credential.isGood(at: now, from: source)
        else { throw .unauthenticated }
        credentialUses.note(hash, at: now)
        return Identified(
            profile: standing.profile, authentication: standing.authentication, scope: standing.credential.project)
    }

    /// Identifies a subject that an external issuer vouches for. The directory adds what it knows of the subject and of its
    /// groups.
    private func identify(_ identity: ExternalIdentity) async throws(KMSError) -> Identified {
        if let expiry = identity.expiresAt, expiry <= clock.now { throw .unauthenticated }
        let record = try await records.directoryRecord(SubjectRecord.self, identity.subject.text)
        if let record, record.status != .enabled { throw .unauthenticated }
        let profile = try await records.profile(
            identity.subject, kind: .subject(record?.subjectKind ?? .user),
            isAdministrator: record?.isAdministrator ?? false, groups: identity.groups.union(record?.groups ?? []),
            roles: record?.roles ?? .none)
        return Identified(
            profile: identity.project.map { profile.restricted(to: $0) } ?? profile,
            authentication: identity.authentication, scope: identity.project)
    }

    private func recordFailure(_ error: KMSError, of shown: AuthenticationRequest) async throws(KMSError) {
        var entry = AuditEntry(
            time: clock.now, requestID: shown.requestID, subject: nil, verb: Verb.authenticate.rawValue,
            outcome: .denied,
            code: error.code.rawValue, reason: "no valid credential")
        if case .accessDenied(let reason) = error { entry.reason = reason }
        if shown.bearer == nil, shown.certificate == nil { entry.reason = "no credential" }
        entry.source = shown.source
        try await append(entry)
    }
}

extension CredentialRecord {
    /// Returns true if the credential is valid now, for a request from an address.
    func isGood(at now: Timestamp, from source: String?) -> Bool {
        guard revokedAt == nil, expiresAt.map({ now < $0 }) ?? true else { return false }
        return networks.admit(source)
    }
}
