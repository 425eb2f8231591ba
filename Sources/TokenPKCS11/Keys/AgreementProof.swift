internal import Crypto
internal import KeyManagement
internal import LibCrypto
internal import PKCS11
import SecretMemory

/// An ephemeral key pair outside the token, with which a private key in the token proves that it derives shared secrets.
enum AgreementProof {
    /// A point for the token, and the secret that it must derive from it.
    struct Challenge {
        let publicKey: PublicKey
        let secret: SecretBytes
    }

    /// - Returns: nil if the public key is not on the curve, or if the curve does not support agreement.
    static func challenge(to publicKey: PublicKey, on curve: Curve) -> Challenge? {
        guard publicKey.kind == .ec(curve.libCrypto), let point = publicKey.point else { return nil }
        return try? challenge(toPoint: point, on: curve)
    }

    private static func challenge(toPoint point: [UInt8], on curve: Curve) throws -> Challenge? {
        switch curve {
        case .p256:
            let own = P256.KeyAgreement.PrivateKey()
            let other = try P256.KeyAgreement.PublicKey(x963Representation: point)
            return try challenge(own.publicKey.x963Representation, own.sharedSecretFromKeyAgreement(with: other), curve)
        case .p384:
            let own = P384.KeyAgreement.PrivateKey()
            let other = try P384.KeyAgreement.PublicKey(x963Representation: point)
            return try challenge(own.publicKey.x963Representation, own.sharedSecretFromKeyAgreement(with: other), curve)
        case .p521:
            let own = P521.KeyAgreement.PrivateKey()
            let other = try P521.KeyAgreement.PublicKey(x963Representation: point)
            return try challenge(own.publicKey.x963Representation, own.sharedSecretFromKeyAgreement(with: other), curve)
        case .secp256k1: return nil
        }
    }

    private static func challenge(
        _ point: some Collection<UInt8>, _ secret: SharedSecret, _ curve: Curve
    ) throws -> Challenge {
        Challenge(
            publicKey: try PublicKey(curve: curve.libCrypto, point: Array(point)),
            secret: secret.withUnsafeBytes { SecretBytes(copying: $0) })
    }
}
