public import SecretMemory
internal import Synchronization

extension TokenGroup {
    public func generateKey(_ algorithm: KeyAlgorithm, for usage: KeyUsage) async throws(TokenError) -> NewKey {
        try await perform { (token) throws(TokenError) in try await token.generateKey(algorithm, for: usage) }
    }

    public func wrapSecret(_ secret: SecretBytes) async throws(TokenError) -> WrappedKey {
        try await perform { (token) throws(TokenError) in try await token.wrapSecret(secret) }
    }

    public func seal(_ messages: [[UInt8]]) async throws(TokenError) -> [Seal] {
        try await perform { (token) throws(TokenError) in try await token.seal(messages) }
    }

    public func verify(_ seals: [(seal: Seal, message: [UInt8])]) async throws(TokenError) -> [Bool] {
        try await perform { (token) throws(TokenError) in try await token.verify(seals) }
    }

    public func encrypt(_ items: [Encryption], with key: VersionKey) async throws(TokenError) -> [SealedBox] {
        try await perform { (token) throws(TokenError) in try await token.encrypt(items, with: key) }
    }

    public func decrypt(
        _ items: [Decryption], with key: VersionKey
    ) async throws(TokenError) -> [TokenResult<SecretBytes>] {
        try await perform { (token) throws(TokenError) in try await token.decrypt(items, with: key) }
    }

    public func issueDataKeys(
        _ orders: [DataKeyOrder], with key: VersionKey
    ) async throws(TokenError) -> [TokenDataKey] {
        try await perform { (token) throws(TokenError) in try await token.issueDataKeys(orders, with: key) }
    }

    public func sign(
        _ inputs: [[UInt8]], by algorithm: SignatureAlgorithm, with key: VersionKey
    ) async throws(TokenError) -> [[UInt8]] {
        try await perform { (token) throws(TokenError) in try await token.sign(inputs, by: algorithm, with: key) }
    }

    public func authenticate(_ messages: [[UInt8]], with key: VersionKey) async throws(TokenError) -> [[UInt8]] {
        try await perform { (token) throws(TokenError) in try await token.authenticate(messages, with: key) }
    }

    public func agree(with publicKey: PublicKeyInfo, by key: VersionKey) async throws(TokenError) -> SecretBytes {
        try await perform { (token) throws(TokenError) in try await token.agree(with: publicKey, by: key) }
    }

    public func decrypt(
        _ ciphertexts: [[UInt8]], by algorithm: AsymmetricEncryption, with key: VersionKey
    ) async throws(TokenError) -> [TokenResult<SecretBytes>] {
        try await perform { (token) throws(TokenError) in
            try await token.decrypt(ciphertexts, by: algorithm, with: key)
        }
    }

    public func generateDataKeyPair(_ algorithm: KeyAlgorithm) async throws(TokenError) -> DataKeyPairMaterial {
        try await perform { (token) throws(TokenError) in try await token.generateDataKeyPair(algorithm) }
    }

    public func generateImportKey(_ algorithm: KeyAlgorithm) async throws(TokenError) -> NewKey {
        try await perform { (token) throws(TokenError) in try await token.generateImportKey(algorithm) }
    }

    public func importKey(_ material: ImportMaterial, under job: ImportJob) async throws(TokenError) -> NewKey {
        try await perform { (token) throws(TokenError) in try await token.importKey(material, under: job) }
    }

    /// Signs with a token that has the group's audit key. A token without it, or with another, is skipped.
    public func signAudit(_ digest: [UInt8]) async throws(TokenError) -> [UInt8] {
        guard let auditKey else { throw .unsupported("the token has no audit key") }
        return try await perform { (token) throws(TokenError) in
            guard token.auditKey == auditKey else { throw .unavailable("this token has another audit key") }
            return try await token.signAudit(digest)
        }
    }

    public func random(byteCount: Int) async throws(TokenError) -> SecretBytes {
        try await perform { (token) throws(TokenError) in try await token.random(byteCount: byteCount) }
    }

    public func forget(_ version: VersionID) async {
        for token in members.withLock({ $0.all }) { await token.forget(version) }
    }

    /// Throws if no token works; one working token is enough.
    public func checkHealth() async throws(TokenError) {
        try await perform { (token) throws(TokenError) in try await token.checkHealth() }
    }
}
