/// A first credential: whom it is for, and what it may do.
public struct FirstCredential: Sendable {
    public let subject: SubjectID
    public let role: Role

    public init(subject: SubjectID, role: Role) {
        self.subject = subject
        self.role = role
    }
}

/// The first credentials of a project, not stored yet.
public struct PreparedCredentials: Sendable {
    let project: ProjectID
    let records: [Sealed<CredentialRecord>]
    /// The bearer tokens, in the order of the credentials. They exist nowhere else.
    public let tokens: [BearerToken]
}

extension KeyService {
    /// Makes the first project's credentials. Write the tokens to where their owners find them before the store is
    /// initialised: a store without a credential that somebody has could not be used, nor initialised again.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` when the store belongs to a token already.
    public func prepareCredentials(
        _ credentials: [FirstCredential], of project: ProjectID
    ) async throws(KMSError) -> PreparedCredentials {
        if let binding = try await atStore({ () throws(StoreError) in try await store.binding() }) {
            throw .invalidRequest(
                "the store is initialised already, for token '\(binding.label)' (serial \(binding.serialNumber))")
        }
        let now = clock.now
        var tokens: [BearerToken] = []
        var records: [CredentialRecord] = []
        for credential in credentials {
            let token = BearerToken(
                randomBytes: try await atToken { () throws(TokenError) in try await self.token.random(byteCount: 32) })
            tokens.append(token)
            records.append(
                CredentialRecord(
                    hash: token.hash, subject: credential.subject, project: project, role: credential.role,
                    createdAt: now))
        }
        return PreparedCredentials(project: project, records: try await sealed(records), tokens: tokens)
    }

    /// Binds a new store to the token, with its first project and credentials, all or nothing.
    ///
    /// - Throws: ``KMSError/conflict`` when somebody else initialised it meanwhile.
    public func initializeStore(with credentials: PreparedCredentials) async throws(KMSError) {
        let identity = token.identity
        let binding = TokenBinding(
            label: identity.label, serialNumber: identity.serialNumber, epoch: identity.epoch,
            checkValue: identity.checkValue, createdAt: clock.now)
        try await atStore { () throws(StoreError) in
            try await store.initialize(
                binding: binding, project: credentials.project, credentials: credentials.records)
        }
    }

    /// Makes sure that the store belongs to this token.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` that names both, when it does not; or says that it belongs to none yet.
    public func checkBinding() async throws(KMSError) {
        guard let binding = try await atStore({ () throws(StoreError) in try await store.binding() }) else {
            throw .invalidRequest("the store is not initialised; run 'kms init' first")
        }
        if let mismatch = binding.mismatch(with: token.identity) { throw .invalidRequest(mismatch) }
    }
}
