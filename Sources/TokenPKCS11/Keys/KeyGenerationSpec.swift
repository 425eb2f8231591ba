internal import KeyManagement
internal import PKCS11

/// The mechanism and the attributes by which a key is generated in the token.
enum KeyGenerationSpec {
    case secret(Mechanism, Template)
    case pair(Mechanism, publicKey: Template, privateKey: Template)

    /// A new version key: sensitive, so that it cannot be read, and extractable, so that the root can wrap it. It exists until it
    /// is wrapped a moment later, and has no other use.
    static func version(_ algorithm: KeyAlgorithm) -> KeyGenerationSpec {
        switch algorithm.family {
        case .aes: .secret(.aesKeyGen, KeyTemplates.newbornSecret(.aes, byteCount: 32))
        case .hmac(let hash):
            .secret(.genericSecretKeyGen, KeyTemplates.newbornSecret(.genericSecret, byteCount: hash.byteCount))
        case .rsa, .ec, .ed25519: pair(algorithm, KeyTemplates.newbornPrivateKey)
        }
    }

    /// A key pair that leaves the token in plaintext: a data-key pair.
    static func leaving(_ algorithm: KeyAlgorithm) -> KeyGenerationSpec {
        pair(algorithm, KeyTemplates.leavingPrivateKey)
    }

    private static func pair(_ algorithm: KeyAlgorithm, _ privateKey: Template) -> KeyGenerationSpec {
        switch algorithm.family {
        case .rsa(let bits):
            .pair(
                .rsaPKCSKeyPairGen,
                publicKey: KeyTemplates.newbornPublicKey([.modulusBits(bits), .publicExponent([1, 0, 1])]),
                privateKey: privateKey)
        case .ec(let curve):
            .pair(
                .ecKeyPairGen, publicKey: KeyTemplates.newbornPublicKey([.ecParameters(curve.pkcs11)]),
                privateKey: privateKey)
        case .ed25519:
            .pair(
                .ecEdwardsKeyPairGen, publicKey: KeyTemplates.newbornPublicKey([.ecParameters(.ed25519)]),
                privateKey: privateKey)
        case .aes, .hmac: preconditionFailure("\(algorithm.rawValue) has no key pairs")
        }
    }
}

extension Curve {
    /// The same curve in the module's type.
    var pkcs11: PKCS11.NamedCurve {
        switch self {
        case .p256: .p256
        case .p384: .p384
        case .p521: .p521
        case .secp256k1: .secp256k1
        }
    }
}

extension KeyAlgorithm {
    /// The PKCS #11 key type of keys of this algorithm.
    var keyType: KeyType {
        switch family {
        case .aes: .aes
        case .hmac: .genericSecret
        case .rsa: .rsa
        case .ec: .ec
        case .ed25519: .ecEdwards
        }
    }
}
