/// A first credential: whom it is for, and what it may do.
public struct FirstCredential: Sendable {
    public let subject: SubjectID
    public let role: Role

    public init(subject: SubjectID, role: Role) {
        self.subject = subject
        self.role = role
    }
}

extension KeyService {
    /// Binds a new store to the token and makes its first project and credentials.
    ///
    /// - Returns: the bearer tokens, in the order of `credentials`. They exist nowhere else.
    /// - Throws: ``KMSError/invalidRequest(_:)`` when the store belongs to a token already.
    public func initializeStore(
        project: ProjectID, credentials: [FirstCredential]
    ) async throws(KMSError) -> [BearerToken] {
        if let binding = try await atStore({ () throws(StoreError) in try await store.binding() }) {
            throw .invalidRequest(
                "the store is initialised already, for token '\(binding.label)' (serial \(binding.serialNumber))")
        }
        let now = clock.now
        var tokens: [BearerToken] = []
        var unsealed: [CredentialRecord] = []
        for credential in credentials {
            let token = BearerToken(
                randomBytes: try await atToken { () throws(TokenError) in try await self.token.random(byteCount: 32) })
            tokens.append(token)
            unsealed.append(
                CredentialRecord(
                    hash: token.hash, subject: credential.subject, project: project, role: credential.role,
                    createdAt: now))
        }
        let records = try await sealed(unsealed)
        let identity = token.identity
        let binding = TokenBinding(
            label: identity.label, serialNumber: identity.serialNumber, epoch: identity.epoch,
            checkValue: identity.checkValue, createdAt: now)
        try await atStore { () throws(StoreError) in
            try await store.initialize(binding: binding, project: project, credentials: records)
        }
        return tokens
    }

    /// Makes sure that the store belongs to this token.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` that names both, when it does not; or says that it belongs to none yet.
    public func checkBinding() async throws(KMSError) {
        guard let binding = try await atStore({ () throws(StoreError) in try await store.binding() }) else {
            throw .invalidRequest("the store is not initialised; run 'kms init' first")
        }
        let identity = token.identity
        guard binding.epoch == identity.epoch, binding.checkValue == identity.checkValue else {
            throw .invalidRequest(
                "the store belongs to token '\(binding.label)' (serial \(binding.serialNumber), root epoch "
                    + "\(binding.epoch)), but the roots are those of token '\(identity.label)' (serial "
                    + "\(identity.serialNumber), root epoch \(identity.epoch)); nothing was changed")
        }
    }
}
