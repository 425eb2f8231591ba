internal import SecretMemory

/// The part of the token that every part of the service may use, because nothing in it uses a key.
struct TokenInformation: Sendable {
    private let token: CheckedToken

    init(_ token: CheckedToken) {
        self.token = token
    }

    var identity: TokenIdentity { token.identity }
    var algorithms: Set<KeyAlgorithm> { token.algorithms }
    var agreementAlgorithms: Set<KeyAlgorithm> { token.agreementAlgorithms }
    var importMethods: Set<ImportMethod> { token.importMethods }
    var auditKey: PublicKeyInfo? { token.auditKey }

    /// Reads the identity and the roots from the token again.
    func readIdentity() async throws(KMSError) -> TokenIdentity {
        try await atToken { () throws(TokenError) in try await token.readIdentity() }
    }

    /// Returns the identity of the token and its module, for documents.
    func facts() async throws(KMSError) -> TokenFacts {
        try await atToken { () throws(TokenError) in try await token.facts() }
    }

    /// Returns the next of the keys whose versions the token may have cached for this service, at most `limit`.
    func usedKeys(_ limit: Int) -> [KeyID] { token.used.nextKeys(limit) }

    /// Makes the token evict what it has cached for a version, because the version may no longer be used.
    func forget(_ version: VersionID) async {
        await token.forget(version)
    }

    /// Returns random bytes from the token's generator.
    func random(byteCount: Int) async throws(KMSError) -> SecretBytes {
        try await atToken { () throws(TokenError) in try await token.random(byteCount: byteCount) }
    }

    /// Throws if the token cannot be used.
    func checkHealth() async throws(KMSError) {
        try await atToken { () throws(TokenError) in try await token.checkHealth() }
    }
}
