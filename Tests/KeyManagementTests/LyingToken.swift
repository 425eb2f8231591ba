import KMSTesting
import KeyManagement
import SecretMemory
import Synchronization

/// A token whose answers have a form other than the requests determine, while it is told to lie.
final class LyingToken: Token {
    enum Lie: CaseIterable {
        case nothing, oneTooFew, oneTooMany, tooLong
    }

    private let token: any Token
    private let lie = Mutex<Lie?>(nil)

    init(_ token: any Token) {
        self.token = token
    }

    func tell(_ lie: Lie?) { self.lie.withLock { $0 = lie } }

    /// - Parameter longer: makes one answer longer, or wrong in another detectable way.
    private func bent<Item>(_ items: [Item], _ longer: (Item) -> Item) -> [Item] {
        guard let lie = lie.withLock({ $0 }), let last = items.last else { return items }
        switch lie {
        case .nothing: return []
        case .oneTooFew: return items.dropLast()
        case .oneTooMany: return items + [last]
        case .tooLong: return items.dropLast() + [longer(last)]
        }
    }

    private func bent(_ secret: SecretBytes) -> SecretBytes {
        guard lie.withLock({ $0 }) != nil else { return secret }
        return SecretBytes(copying: secret.withUnsafeBytes { Array($0) } + [0])
    }

    private func longer(_ box: SealedBox) -> SealedBox {
        SealedBox(nonce: box.nonce, ciphertextAndTag: box.ciphertextAndTag + [0])
    }

    private func bent(_ key: NewKey) -> NewKey {
        guard lie.withLock({ $0 }) != nil else { return key }
        return NewKey(
            wrapped: key.wrapped, publicKey: key.publicKey == nil ? PublicKeyInfo(der: [0x30, 0]) : nil,
            checkValue: key.checkValue)
    }

    private func bent(_ wrapped: WrappedKey) -> WrappedKey {
        guard lie.withLock({ $0 }) != nil else { return wrapped }
        return WrappedKey(mechanism: wrapped.mechanism, epoch: wrapped.epoch, blob: [])
    }

    func seal(_ messages: [[UInt8]]) async throws(TokenError) -> [Seal] {
        bent(try await token.seal(messages)) { Seal(epoch: $0.epoch, code: $0.code + [0]) }
    }

    func verify(_ seals: [(seal: Seal, message: [UInt8])]) async throws(TokenError) -> [Bool] {
        let answers = try await token.verify(seals)
        // A verdict has no length.
        return lie.withLock { $0 } == .tooLong ? answers + [true] : bent(answers) { $0 }
    }

    func encrypt(_ items: [Encryption], with key: VersionKey) async throws(TokenError) -> [SealedBox] {
        bent(try await token.encrypt(items, with: key), longer)
    }

    func decrypt(_ items: [Decryption], with key: VersionKey) async throws(TokenError) -> [TokenResult<SecretBytes>] {
        bent(try await token.decrypt(items, with: key)) { $0.map(bent) }
    }

    func issueDataKeys(_ orders: [DataKeyOrder], with key: VersionKey) async throws(TokenError) -> [TokenDataKey] {
        bent(try await token.issueDataKeys(orders, with: key)) {
            TokenDataKey(plaintext: bent($0.plaintext), box: $0.box)
        }
    }

    func sign(
        _ inputs: [[UInt8]], by algorithm: SignatureAlgorithm, with key: VersionKey
    ) async throws(TokenError) -> [[UInt8]] {
        bent(try await token.sign(inputs, by: algorithm, with: key)) { $0 + [0] }
    }

    func authenticate(_ messages: [[UInt8]], with key: VersionKey) async throws(TokenError) -> [[UInt8]] {
        bent(try await token.authenticate(messages, with: key)) { $0 + [0] }
    }

    func agree(with publicKey: PublicKeyInfo, by key: VersionKey) async throws(TokenError) -> SecretBytes {
        bent(try await token.agree(with: publicKey, by: key))
    }

    func decrypt(
        _ ciphertexts: [[UInt8]], by algorithm: AsymmetricEncryption, with key: VersionKey
    ) async throws(TokenError) -> [TokenResult<SecretBytes>] {
        bent(try await token.decrypt(ciphertexts, by: algorithm, with: key)) { $0.map(bent) }
    }

    func generateKey(_ algorithm: KeyAlgorithm, for usage: KeyUsage) async throws(TokenError) -> NewKey {
        bent(try await token.generateKey(algorithm, for: usage))
    }

    func generateDataKeyPair(_ algorithm: KeyAlgorithm) async throws(TokenError) -> DataKeyPairMaterial {
        let pair = try await token.generateDataKeyPair(algorithm)
        guard lie.withLock({ $0 }) != nil else { return pair }
        return DataKeyPairMaterial(privateKey: pair.privateKey, publicKey: PublicKeyInfo(der: [0x30, 0]))
    }

    func generateImportKey(_ algorithm: KeyAlgorithm) async throws(TokenError) -> NewKey {
        bent(try await token.generateImportKey(algorithm))
    }

    func importKey(_ material: ImportMaterial, under job: ImportJob) async throws(TokenError) -> NewKey {
        bent(try await token.importKey(material, under: job))
    }

    func wrapSecret(_ secret: SecretBytes) async throws(TokenError) -> WrappedKey {
        bent(try await token.wrapSecret(secret))
    }

    func rewrap(_ keys: [KeyToRewrap]) async throws(TokenError) -> [WrappedKey] {
        bent(try await token.rewrap(keys), bent)
    }

    func examine(_ keys: [VersionKey]) async throws(TokenError) -> [KeyExamination] {
        bent(try await token.examine(keys)) {
            KeyExamination(
                key: "another", attributes: $0.attributes, allowedMechanisms: [], checkValue: nil, trials: [],
                findings: [])
        }
    }

    func signAudit(_ digest: [UInt8]) async throws(TokenError) -> [UInt8] {
        let signature = try await token.signAudit(digest)
        return lie.withLock { $0 } == nil ? signature : signature.reversed()
    }

    func random(byteCount: Int) async throws(TokenError) -> SecretBytes {
        bent(try await token.random(byteCount: byteCount))
    }

    // Answers whose form the request does not determine.
    var identity: TokenIdentity { token.identity }
    var algorithms: Set<KeyAlgorithm> { token.algorithms }
    var agreementAlgorithms: Set<KeyAlgorithm> { token.agreementAlgorithms }
    var importMethods: Set<ImportMethod> { token.importMethods }
    var auditKey: PublicKeyInfo? { token.auditKey }
    func forget(_ version: VersionID) async { await token.forget(version) }
    func checkHealth() async throws(TokenError) { try await token.checkHealth() }
    func readIdentity() async throws(TokenError) -> TokenIdentity { try await token.readIdentity() }
    func makeRoots(_ epoch: RootEpoch) async throws(TokenError) -> TokenIdentity { try await token.makeRoots(epoch) }
    func destroyRoots(_ epoch: RootEpoch) async throws(TokenError) -> TokenIdentity {
        try await token.destroyRoots(epoch)
    }
    func facts() async throws(TokenError) -> TokenFacts { try await token.facts() }
    func examineRoots() async throws(TokenError) -> [KeyExamination] { try await token.examineRoots() }
}
