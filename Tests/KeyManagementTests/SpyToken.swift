import Foundation
import KeyManagement
import SecretMemory
import Synchronization

/// A token that records the additional data of each decryption. It can refuse to seal and pretend to import, and passes
/// everything else on.
final class SpyToken: Token {
    private let token: any Token
    private let sealFault: TokenError?
    private let generationFault: TokenError?
    private let imports: Bool
    private let seen = Mutex<[[UInt8]]>([])
    private let births = Mutex<[[UInt8]: Birth]>([:])

    /// The purpose for which a blob was made, as the token was told.
    struct Birth: Hashable {
        let algorithm: KeyAlgorithm
        let usage: KeyUsage
        let origin: KeyOrigin
    }

    /// Returns the token's knowledge of a blob; `nil` for one that it did not make.
    func birth(of wrapped: WrappedKey) -> Birth? { births.withLock { $0[wrapped.blob] } }

    init(
        _ token: any Token, failingToSealWith sealFault: TokenError? = nil,
        failingToGenerateWith generationFault: TokenError? = nil, imports: Bool = false
    ) {
        self.token = token
        self.sealFault = sealFault
        self.generationFault = generationFault
        self.imports = imports
    }

    var additionalData: [[UInt8]] { seen.withLock { $0 } }
    var identity: TokenIdentity { token.identity }
    var agreementAlgorithms: Set<KeyAlgorithm> { token.agreementAlgorithms }
    var algorithms: Set<KeyAlgorithm> { imports ? token.algorithms.union([.rsa4096]) : token.algorithms }

    var importMethods: Set<ImportMethod> { imports ? [.oaepSHA1AESKWP] : token.importMethods }

    func generateKey(_ algorithm: KeyAlgorithm, for usage: KeyUsage) async throws(TokenError) -> NewKey {
        if let generationFault { throw generationFault }
        let new = try await token.generateKey(algorithm, for: usage)
        births.withLock { $0[new.wrapped.blob] = Birth(algorithm: algorithm, usage: usage, origin: .generated) }
        return new
    }

    func wrapSecret(_ secret: SecretBytes) async throws(TokenError) -> WrappedKey {
        try await token.wrapSecret(secret)
    }

    var auditKey: PublicKeyInfo? { token.auditKey }

    func signAudit(_ digest: [UInt8]) async throws(TokenError) -> [UInt8] { try await token.signAudit(digest) }

    func seal(_ messages: [[UInt8]]) async throws(TokenError) -> [Seal] {
        if let sealFault { throw sealFault }
        return try await token.seal(messages)
    }

    func verify(_ seals: [(seal: Seal, message: [UInt8])]) async throws(TokenError) -> [Bool] {
        try await token.verify(seals)
    }

    func encrypt(_ items: [Encryption], with key: VersionKey) async throws(TokenError) -> [SealedBox] {
        try await token.encrypt(items, with: key)
    }

    func decrypt(
        _ items: [Decryption], with key: VersionKey
    ) async throws(TokenError) -> [TokenResult<SecretBytes>] {
        seen.withLock { $0 += items.map(\.additionalData) }
        return try await token.decrypt(items, with: key)
    }

    func issueDataKeys(_ orders: [DataKeyOrder], with key: VersionKey) async throws(TokenError) -> [TokenDataKey] {
        try await token.issueDataKeys(orders, with: key)
    }

    func sign(
        _ inputs: [[UInt8]], by algorithm: SignatureAlgorithm, with key: VersionKey
    ) async throws(TokenError) -> [[UInt8]] {
        try await token.sign(inputs, by: algorithm, with: key)
    }

    func authenticate(_ messages: [[UInt8]], with key: VersionKey) async throws(TokenError) -> [[UInt8]] {
        try await token.authenticate(messages, with: key)
    }

    func agree(with publicKey: PublicKeyInfo, by key: VersionKey) async throws(TokenError) -> SecretBytes {
        try await token.agree(with: publicKey, by: key)
    }

    func decrypt(
        _ ciphertexts: [[UInt8]], by algorithm: AsymmetricEncryption, with key: VersionKey
    ) async throws(TokenError) -> [TokenResult<SecretBytes>] {
        try await token.decrypt(ciphertexts, by: algorithm, with: key)
    }

    func generateDataKeyPair(_ algorithm: KeyAlgorithm) async throws(TokenError) -> DataKeyPairMaterial {
        try await token.generateDataKeyPair(algorithm)
    }

    func generateImportKey(_ algorithm: KeyAlgorithm) async throws(TokenError) -> NewKey {
        guard imports else { return try await token.generateImportKey(algorithm) }
        let wrapped = try await token.generateKey(.aes256GCM96, for: .encryptDecrypt).wrapped
        return NewKey(wrapped: wrapped, publicKey: Self.rsa4096)
    }

    /// A public key whose private half is unknown.
    private static let rsa4096 = PublicKeyInfo(
        der: [UInt8](
            Data(
                base64Encoded: """
                    MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEAz0hHkPBs4JJJne38DCf47XU8I3yqbBvyZIVb2xpBQT+2IN5RuwZ3Pu8Zjule\
                    2OQCj4OZLbsw99IPWvzt0RLK1fafl3615Z2hvlPTjvbKo/QNqed1eQXlxWOGlqLGAcS5GxPOar4MQb7VisyXrkgPbZIneywW6e0sQBvV\
                    bPy6yLSuAGF80eSaIimA8UZ88YUY1giecW8lWIdq+oxUFQitbR/Ts95obO4nwLwtscYK06PADsDdFpl9PAP8x0rxzbtwO68d19OP7WEb\
                    yhLOddawvNzQz3ONVLBTBhWl0JzYWvPVvRrUca844OevbC9QiFHuakQKwS2HJE70miZazV2GZtJxSgMaO1JT0BXKPLhUIO4tJCNwi3PU\
                    aqH6s8CmDSlF9HF8dIG8XjMKyG0Vry98iqZjYlbFxYDUv8nKvP78hoHbsy+BpRd3xsLamlMl2fjuBmdrMfs4fLC8dCL6DMheR+WwYnwD\
                    c/6F5MQLz+snk9+XZ4ETwuNbh2geWc+2ZhtRMdlGYXsu66JyVh+QFy2su+51TTK1TDSwZWnDfGb1Klv8E49wdK02key1YrxKFZlOuymJ\
                    h4pQs7jkhgrwwpDZ52mVfdn8145KUpIOIqijqPQKfaurEXPB2cNSTwGhglop/C0b87oCeNemkTOQC8UoFCWElbk5pQE+f8hS7JHlKMcC\
                    AwEAAQ==
                    """) ?? Data()))

    /// Pretends to import: the material is its own check value, and only 16 bytes unwrap.
    func importKey(_ material: ImportMaterial, under job: ImportJob) async throws(TokenError) -> NewKey {
        guard imports else { return try await token.importKey(material, under: job) }
        guard let value = CheckValue(bytes: material.wrapped) else { throw .rejected }
        let wrapped = try await token.generateKey(.aes256GCM96, for: .encryptDecrypt).wrapped
        births.withLock {
            $0[wrapped.blob] = Birth(algorithm: material.algorithm, usage: material.usage, origin: .imported)
        }
        return NewKey(wrapped: wrapped, checkValue: value)
    }

    func random(byteCount: Int) async throws(TokenError) -> SecretBytes { try await token.random(byteCount: byteCount) }

    func forget(_ version: VersionID) async { await token.forget(version) }

    func checkHealth() async throws(TokenError) { try await token.checkHealth() }

    func readIdentity() async throws(TokenError) -> TokenIdentity { try await token.readIdentity() }

    func makeRoots(_ epoch: RootEpoch) async throws(TokenError) -> TokenIdentity { try await token.makeRoots(epoch) }

    func rewrap(_ keys: [KeyToRewrap]) async throws(TokenError) -> [WrappedKey] { try await token.rewrap(keys) }

    func destroyRoots(_ epoch: RootEpoch) async throws(TokenError) -> TokenIdentity {
        try await token.destroyRoots(epoch)
    }

    func facts() async throws(TokenError) -> TokenFacts { try await token.facts() }

    func examineRoots() async throws(TokenError) -> [KeyExamination] { try await token.examineRoots() }

    func examine(_ keys: [VersionKey]) async throws(TokenError) -> [KeyExamination] { try await token.examine(keys) }
}
