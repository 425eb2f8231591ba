import KeyManagement
import Synchronization

/// A token that remembers the additional data of each decryption, seals only if it may, and passes everything on.
final class SpyToken: Token {
    private let token: any Token
    private let sealFault: TokenError?
    private let seen = Mutex<[[UInt8]]>([])

    init(_ token: any Token, failingToSealWith sealFault: TokenError? = nil) {
        self.token = token
        self.sealFault = sealFault
    }

    var additionalData: [[UInt8]] { seen.withLock { $0 } }
    var identity: TokenIdentity { token.identity }
    var algorithms: Set<KeyAlgorithm> { token.algorithms }

    func generateWrappedKey(_ algorithm: KeyAlgorithm) async throws(TokenError) -> WrappedKey {
        try await token.generateWrappedKey(algorithm)
    }

    func seal(_ messages: [[UInt8]]) async throws(TokenError) -> [Seal] {
        if let sealFault { throw sealFault }
        return try await token.seal(messages)
    }

    func verify(_ seals: [(seal: Seal, message: [UInt8])]) async throws(TokenError) -> [Bool] {
        try await token.verify(seals)
    }

    func encrypt(
        _ plaintext: SecretBytes, additionalData: [UInt8], with key: VersionKey
    ) async throws(TokenError) -> SealedBox {
        try await token.encrypt(plaintext, additionalData: additionalData, with: key)
    }

    func decrypt(
        _ box: SealedBox, additionalData: [UInt8], with key: VersionKey
    ) async throws(TokenError) -> SecretBytes {
        seen.withLock { $0.append(additionalData) }
        return try await token.decrypt(box, additionalData: additionalData, with: key)
    }

    func issueDataKey(
        byteCount: Int, additionalData: [UInt8], with key: VersionKey
    ) async throws(TokenError) -> (plaintext: SecretBytes, box: SealedBox) {
        try await token.issueDataKey(byteCount: byteCount, additionalData: additionalData, with: key)
    }

    func random(byteCount: Int) async throws(TokenError) -> SecretBytes { try await token.random(byteCount: byteCount) }

    func forget(_ version: VersionID) async { await token.forget(version) }

    func checkHealth() async throws(TokenError) { try await token.checkHealth() }
}
