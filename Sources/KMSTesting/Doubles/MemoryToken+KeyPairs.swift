internal import Crypto
internal import Foundation
package import KeyManagement
package import SecretMemory

extension MemoryToken {
    static func newKeyPair(on curve: Curve) -> (secret: [UInt8], der: [UInt8]) {
        switch curve {
        case .p256, .secp256k1:
            let key = P256.Signing.PrivateKey()
            return (Array(key.rawRepresentation), Array(key.publicKey.derRepresentation))
        case .p384:
            let key = P384.Signing.PrivateKey()
            return (Array(key.rawRepresentation), Array(key.publicKey.derRepresentation))
        case .p521:
            let key = P521.Signing.PrivateKey()
            return (Array(key.rawRepresentation), Array(key.publicKey.derRepresentation))
        }
    }

    package func sign(_ call: SignCall) async throws(TokenError) -> [[UInt8]] {
        let (inputs, algorithm, key) = (call.inputs, call.algorithm, call.key)
        try meetFault()
        let secret = try unwrap(key)
        do {
            return try inputs.map { input in
                let digest = GivenDigest(bytes: input)
                switch key.algorithm {
                case .ecP256:
                    let key = try P256.Signing.PrivateKey(rawRepresentation: secret.suffix(32))
                    return Array(try key.signature(for: digest).rawRepresentation)
                case .ecP384:
                    let key = try P384.Signing.PrivateKey(rawRepresentation: secret.suffix(48))
                    return Array(try key.signature(for: digest).rawRepresentation)
                case .ecP521:
                    let key = try P521.Signing.PrivateKey(rawRepresentation: secret.suffix(66))
                    return Array(try key.signature(for: digest).rawRepresentation)
                default: throw TokenError.unsupported(algorithm.rawValue)
                }
            }
        } catch let error as TokenError {
            throw error
        } catch {
            throw .failed("\(error)")
        }
    }

    package func agree(_ call: AgreeCall) async throws(TokenError) -> SecretBytes {
        let (publicKey, key) = (call.publicKey, call.key)
        try meetFault()
        let secret = try unwrap(key)
        do {
            let shared: SharedSecret
            switch key.algorithm {
            case .ecP256:
                let own = try P256.KeyAgreement.PrivateKey(rawRepresentation: secret.suffix(32))
                shared = try own.sharedSecretFromKeyAgreement(with: .init(derRepresentation: publicKey.der))
            case .ecP384:
                let own = try P384.KeyAgreement.PrivateKey(rawRepresentation: secret.suffix(48))
                shared = try own.sharedSecretFromKeyAgreement(with: .init(derRepresentation: publicKey.der))
            case .ecP521:
                let own = try P521.KeyAgreement.PrivateKey(rawRepresentation: secret.suffix(66))
                shared = try own.sharedSecretFromKeyAgreement(with: .init(derRepresentation: publicKey.der))
            default: throw TokenError.unsupported(key.algorithm.rawValue)
            }
            return shared.withUnsafeBytes { SecretBytes(copying: $0) }
        } catch let error as TokenError {
            throw error
        } catch {
            throw .rejected
        }
    }

    package func decryptAsymmetric(_ call: DecryptAsymmetricCall) async throws(TokenError) -> [TokenResult<SecretBytes>]
    {
        throw .unsupported("no RSA")
    }

    package func generateDataKeyPair(_ call: GenerateDataKeyPairCall) async throws(TokenError) -> DataKeyPairMaterial {
        try meetFault()
        guard case .ec(let curve) = call.algorithm.family, curve != .secp256k1 else { throw .unsupported("no RSA") }
        let (secret, der) = Self.newKeyPair(on: curve)
        return DataKeyPairMaterial(privateKey: SecretBytes(copying: secret), publicKey: PublicKeyInfo(der: der))
    }

    package func generateImportKey(_ call: GenerateImportKeyCall) async throws(TokenError) -> NewKey {
        throw .unsupported("no RSA")
    }

    package func importKey(_ call: ImportKeyCall) async throws(TokenError) -> NewKey {
        throw .unsupported("no RSA")
    }
}

/// A digest that was computed elsewhere.
struct GivenDigest: Digest {
    static let byteCount = 64
    let bytes: [UInt8]

    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try bytes.withUnsafeBytes(body)
    }

    func makeIterator() -> Array<UInt8>.Iterator { bytes.makeIterator() }
    func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
    static func == (lhs: GivenDigest, rhs: GivenDigest) -> Bool { lhs.bytes == rhs.bytes }
    var description: String { "digest" }
}
