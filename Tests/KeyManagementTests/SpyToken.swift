import KeyManagement
import Synchronization

/// A token that remembers the additional data of each decryption, seals only if it may, and passes everything on.
final class SpyToken: Token {
    private let token: any Token
    private let sealFault: TokenError?
    private let generationFault: TokenError?
    private let seen = Mutex<[[UInt8]]>([])

    init(
        _ token: any Token, failingToSealWith sealFault: TokenError? = nil,
        failingToGenerateWith generationFault: TokenError? = nil
    ) {
        self.token = token
        self.sealFault = sealFault
        self.generationFault = generationFault
    }

    var additionalData: [[UInt8]] { seen.withLock { $0 } }
    var identity: TokenIdentity { token.identity }
    var algorithms: Set<KeyAlgorithm> { token.algorithms }

    var importMethods: Set<ImportMethod> { token.importMethods }

    func generateKey(_ algorithm: KeyAlgorithm, for usage: KeyUsage) async throws(TokenError) -> NewKey {
        if let generationFault { throw generationFault }
        return try await token.generateKey(algorithm, for: usage)
    }

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

    func decrypt(
        _ ciphertexts: [[UInt8]], by algorithm: AsymmetricEncryption, with key: VersionKey
    ) async throws(TokenError) -> [TokenResult<SecretBytes>] {
        try await token.decrypt(ciphertexts, by: algorithm, with: key)
    }

    func generateDataKeyPair(_ algorithm: KeyAlgorithm) async throws(TokenError) -> DataKeyPairMaterial {
        try await token.generateDataKeyPair(algorithm)
    }

    func generateImportKey(_ algorithm: KeyAlgorithm) async throws(TokenError) -> NewKey {
        try await token.generateImportKey(algorithm)
    }

    func importKey(_ material: ImportMaterial, under job: ImportJob) async throws(TokenError) -> NewKey {
        try await token.importKey(material, under: job)
    }

    func random(byteCount: Int) async throws(TokenError) -> SecretBytes { try await token.random(byteCount: byteCount) }

    func forget(_ version: VersionID) async { await token.forget(version) }

    func checkHealth() async throws(TokenError) { try await token.checkHealth() }
}
