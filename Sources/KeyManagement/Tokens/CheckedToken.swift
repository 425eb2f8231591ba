import SecretMemory

/// The token as the service uses it. Every answer has the form that its request determines, whatever the token behind it
/// returns.
///
/// A malformed answer counts as a token that cannot be used at the moment: ``TokenError/unavailable(_:)``.
final class CheckedToken: Token {
    private let token: any Token
    /// The versions that the token may have unwrapped for this service.
    let used: UsedVersions

    /// Creates a checked token.
    ///
    /// - Parameter capacity: the number of versions remembered as used; more than the token caches.
    init(_ token: any Token, capacity: Int) {
        self.token = token
        used = UsedVersions(capacity: capacity)
    }

    var identity: TokenIdentity { token.identity }
    var algorithms: Set<KeyAlgorithm> { token.algorithms }
    var agreementAlgorithms: Set<KeyAlgorithm> { token.agreementAlgorithms }
    var importMethods: Set<ImportMethod> { token.importMethods }
    var auditKey: PublicKeyInfo? { token.auditKey }

    /// Calls the token, and checks its answer.
    private func checked<Answer>(
        _ ask: (any Token) async throws(TokenError) -> Answer, _ check: (Answer) throws(TokenAnswers.Mismatch) -> Void
    ) async throws(TokenError) -> Answer {
        let answer = try await ask(token)
        do throws(TokenAnswers.Mismatch) {
            try check(answer)
        } catch {
            throw .unavailable("the token gave a wrong answer: \(error)")
        }
        return answer
    }

    /// Calls the token for a version, which the token may unwrap and cache for that, and checks its answer.
    private func checked<Answer>(
        with key: VersionKey, _ ask: (any Token) async throws(TokenError) -> Answer,
        _ check: (Answer) throws(TokenAnswers.Mismatch) -> Void
    ) async throws(TokenError) -> Answer {
        used.note(key.id)
        return try await checked(ask, check)
    }

    // MARK: Keys

    func generateKey(_ algorithm: KeyAlgorithm, for usage: KeyUsage) async throws(TokenError) -> NewKey {
        try await checked { (token) throws(TokenError) in
            try await token.generateKey(algorithm, for: usage)
        } _: { (answer) throws(TokenAnswers.Mismatch) in
            try TokenAnswers.check(answer, of: algorithm)
        }
    }

    func generateDataKeyPair(_ algorithm: KeyAlgorithm) async throws(TokenError) -> DataKeyPairMaterial {
        try await checked { (token) throws(TokenError) in
            try await token.generateDataKeyPair(algorithm)
        } _: { (answer) throws(TokenAnswers.Mismatch) in
            try TokenAnswers.check(answer, of: algorithm)
        }
    }

    func generateImportKey(_ algorithm: KeyAlgorithm) async throws(TokenError) -> NewKey {
        try await checked { (token) throws(TokenError) in
            try await token.generateImportKey(algorithm)
        } _: { (answer) throws(TokenAnswers.Mismatch) in
            try TokenAnswers.check(answer, of: algorithm)
        }
    }

    func importKey(_ material: ImportMaterial, under job: ImportJob) async throws(TokenError) -> NewKey {
        try await checked { (token) throws(TokenError) in
            try await token.importKey(material, under: job)
        } _: { (answer) throws(TokenAnswers.Mismatch) in
            try TokenAnswers.check(answer, of: material.algorithm)
        }
    }

    func wrapSecret(_ secret: SecretBytes) async throws(TokenError) -> WrappedKey {
        try await checked { (token) throws(TokenError) in
            try await token.wrapSecret(secret)
        } _: { (answer) throws(TokenAnswers.Mismatch) in
            try TokenAnswers.check(answer)
        }
    }

    // MARK: Records

    func seal(_ messages: [[UInt8]]) async throws(TokenError) -> [Seal] {
        try await checked { (token) throws(TokenError) in
            try await token.seal(messages)
        } _: { (answer) throws(TokenAnswers.Mismatch) in
            try TokenAnswers.check(answer, count: messages.count)
        }
    }

    func verify(_ seals: [(seal: Seal, message: [UInt8])]) async throws(TokenError) -> [Bool] {
        try await checked { (token) throws(TokenError) in
            try await token.verify(seals)
        } _: { (answer) throws(TokenAnswers.Mismatch) in
            try TokenAnswers.check(answer, count: seals.count)
        }
    }

    func signAudit(_ digest: [UInt8]) async throws(TokenError) -> [UInt8] {
        try await checked { (token) throws(TokenError) in
            try await token.signAudit(digest)
        } _: { (answer) throws(TokenAnswers.Mismatch) in
            // The caller that has it signed verifies it.
            try TokenAnswers.check(auditSignature: answer)
        }
    }

    // MARK: Use

    func encrypt(_ items: [Encryption], with key: VersionKey) async throws(TokenError) -> [SealedBox] {
        try await checked(with: key) { (token) throws(TokenError) in
            try await token.encrypt(items, with: key)
        } _: { (answer) throws(TokenAnswers.Mismatch) in
            try TokenAnswers.check(answer, of: items)
        }
    }

    func decrypt(_ items: [Decryption], with key: VersionKey) async throws(TokenError) -> [TokenResult<SecretBytes>] {
        try await checked(with: key) { (token) throws(TokenError) in
            try await token.decrypt(items, with: key)
        } _: { (answer) throws(TokenAnswers.Mismatch) in
            try TokenAnswers.check(answer, of: items)
        }
    }

    func issueDataKeys(_ orders: [DataKeyOrder], with key: VersionKey) async throws(TokenError) -> [TokenDataKey] {
        try await checked(with: key) { (token) throws(TokenError) in
            try await token.issueDataKeys(orders, with: key)
        } _: { (answer) throws(TokenAnswers.Mismatch) in
            try TokenAnswers.check(answer, of: orders)
        }
    }

    func sign(
        _ inputs: [[UInt8]], by algorithm: SignatureAlgorithm, with key: VersionKey
    ) async throws(TokenError) -> [[UInt8]] {
        try await checked(with: key) { (token) throws(TokenError) in
            try await token.sign(inputs, by: algorithm, with: key)
        } _: { (answer) throws(TokenAnswers.Mismatch) in
            try TokenAnswers.check(answer, count: inputs.count, with: key)
        }
    }

    func authenticate(_ messages: [[UInt8]], with key: VersionKey) async throws(TokenError) -> [[UInt8]] {
        try await checked(with: key) { (token) throws(TokenError) in
            try await token.authenticate(messages, with: key)
        } _: { (answer) throws(TokenAnswers.Mismatch) in
            try TokenAnswers.check(codes: answer, count: messages.count, with: key)
        }
    }

    func agree(with publicKey: PublicKeyInfo, by key: VersionKey) async throws(TokenError) -> SecretBytes {
        try await checked(with: key) { (token) throws(TokenError) in
            try await token.agree(with: publicKey, by: key)
        } _: { (answer) throws(TokenAnswers.Mismatch) in
            try TokenAnswers.check(agreed: answer, by: key)
        }
    }

    func decrypt(
        _ ciphertexts: [[UInt8]], by algorithm: AsymmetricEncryption, with key: VersionKey
    ) async throws(TokenError) -> [TokenResult<SecretBytes>] {
        try await checked(with: key) { (token) throws(TokenError) in
            try await token.decrypt(ciphertexts, by: algorithm, with: key)
        } _: { (answer) throws(TokenAnswers.Mismatch) in
            try TokenAnswers.check(answer, ofCiphertexts: ciphertexts.count, by: algorithm, with: key)
        }
    }

    func random(byteCount: Int) async throws(TokenError) -> SecretBytes {
        try await checked { (token) throws(TokenError) in
            try await token.random(byteCount: byteCount)
        } _: { (answer) throws(TokenAnswers.Mismatch) in
            try TokenAnswers.check(random: answer, byteCount: byteCount)
        }
    }

    func forget(_ version: VersionID) async {
        used.remove(version)
        await token.forget(version)
    }

    func checkHealth() async throws(TokenError) { try await token.checkHealth() }

    // MARK: Roots and custody

    func readIdentity() async throws(TokenError) -> TokenIdentity { try await token.readIdentity() }
    func makeRoots(_ epoch: RootEpoch) async throws(TokenError) -> TokenIdentity { try await token.makeRoots(epoch) }
    func destroyRoots(_ epoch: RootEpoch) async throws(TokenError) -> TokenIdentity {
        try await token.destroyRoots(epoch)
    }

    func rewrap(_ keys: [KeyToRewrap]) async throws(TokenError) -> [WrappedKey] {
        try await checked { (token) throws(TokenError) in
            try await token.rewrap(keys)
        } _: { (answer) throws(TokenAnswers.Mismatch) in
            try TokenAnswers.check(answer, of: keys)
        }
    }

    func facts() async throws(TokenError) -> TokenFacts { try await token.facts() }
    func examineRoots() async throws(TokenError) -> [KeyExamination] { try await token.examineRoots() }
    func examine(_ keys: [VersionKey]) async throws(TokenError) -> [KeyExamination] {
        try await checked { (token) throws(TokenError) in
            try await token.examine(keys)
        } _: { (answer) throws(TokenAnswers.Mismatch) in
            try TokenAnswers.check(answer, of: keys)
        }
    }
}
