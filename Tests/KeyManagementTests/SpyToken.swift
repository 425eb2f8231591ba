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
    var auditKey: PublicKeyInfo? { token.auditKey }
    var agreementAlgorithms: Set<KeyAlgorithm> { token.agreementAlgorithms }
    var algorithms: Set<KeyAlgorithm> { imports ? token.algorithms.union([.rsa4096]) : token.algorithms }

    var importMethods: Set<ImportMethod> { imports ? [.oaepSHA1AESKWP] : token.importMethods }

    func perform<Call: TokenCall>(_ call: Call) async throws(TokenError) -> Call.Answer {
        if let call = call as? DecryptCall { seen.withLock { $0 += call.items.map(\.additionalData) } }
        if let answer = try await ownAnswer(to: call) as? Call.Answer { return answer }
        return try await token.perform(call)
    }

    /// Returns the answer to a call that is not passed on as it is; `nil` for any other.
    private func ownAnswer(to call: any TokenCall) async throws(TokenError) -> (any Sendable)? {
        switch call {
        case is SealCall:
            if let sealFault { throw sealFault }
            return nil
        case let call as GenerateKeyCall:
            if let generationFault { throw generationFault }
            let new = try await token.perform(call)
            note(new.wrapped, Birth(algorithm: call.algorithm, usage: call.usage, origin: .generated))
            return new
        case is GenerateImportKeyCall where imports:
            let wrapped = try await token.generateKey(.aes256GCM96, for: .encryptDecrypt).wrapped
            return NewKey(wrapped: wrapped, publicKey: Self.rsa4096)
        case let call as ImportKeyCall where imports: return try await imported(call.material)
        default: return nil
        }
    }

    /// Pretends to import: the material is its own check value, and only 16 bytes unwrap.
    private func imported(_ material: ImportMaterial) async throws(TokenError) -> NewKey {
        guard let value = CheckValue(bytes: material.wrapped) else { throw .rejected }
        let wrapped = try await token.generateKey(.aes256GCM96, for: .encryptDecrypt).wrapped
        note(wrapped, Birth(algorithm: material.algorithm, usage: material.usage, origin: .imported))
        return NewKey(wrapped: wrapped, checkValue: value)
    }

    private func note(_ wrapped: WrappedKey, _ birth: Birth) { births.withLock { $0[wrapped.blob] = birth } }

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
}
