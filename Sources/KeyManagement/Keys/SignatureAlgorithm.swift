/// The algorithm of a signature. The names are those of AWS KMS, which most tools know.
package enum SignatureAlgorithm: String, Sendable, CaseIterable {
    /// RSASSA-PKCS1-v1_5 (RFC 8017 §8.2).
    case rsaPKCS1SHA256 = "RSASSA_PKCS1_V1_5_SHA_256"
    case rsaPKCS1SHA384 = "RSASSA_PKCS1_V1_5_SHA_384"
    case rsaPKCS1SHA512 = "RSASSA_PKCS1_V1_5_SHA_512"
    /// RSASSA-PSS (RFC 8017 §8.1), MGF1 with the same hash, a salt as long as the hash.
    case rsaPSSSHA256 = "RSASSA_PSS_SHA_256"
    case rsaPSSSHA384 = "RSASSA_PSS_SHA_384"
    case rsaPSSSHA512 = "RSASSA_PSS_SHA_512"
    /// ECDSA (FIPS 186-5 §6).
    case ecdsaSHA256 = "ECDSA_SHA_256"
    case ecdsaSHA384 = "ECDSA_SHA_384"
    case ecdsaSHA512 = "ECDSA_SHA_512"
    /// Pure EdDSA (RFC 8032 §5.1). It signs messages, not digests.
    case ed25519 = "ED25519"

    /// The hash function applied to the message before signing; `nil` if the whole message is signed.
    package var hash: HashAlgorithm? {
        switch self {
        case .rsaPKCS1SHA256, .rsaPSSSHA256, .ecdsaSHA256: .sha256
        case .rsaPKCS1SHA384, .rsaPSSSHA384, .ecdsaSHA384: .sha384
        case .rsaPKCS1SHA512, .rsaPSSSHA512, .ecdsaSHA512: .sha512
        case .ed25519: nil
        }
    }

    /// Returns the algorithms that keys of an algorithm sign with. The first is the default.
    package static func allowed(for algorithm: KeyAlgorithm) -> [SignatureAlgorithm] {
        switch algorithm.family {
        case .rsa:
            [
                .rsaPSSSHA256, .rsaPSSSHA384, .rsaPSSSHA512, .rsaPKCS1SHA256, .rsaPKCS1SHA384, .rsaPKCS1SHA512,
            ]
        case .ec(.p256), .ec(.secp256k1): [.ecdsaSHA256]
        case .ec(.p384): [.ecdsaSHA384]
        case .ec(.p521): [.ecdsaSHA512]
        case .ed25519: [.ed25519]
        case .aes, .hmac: []
        }
    }
}

/// The padding of RSA encryption: RSAES-OAEP (RFC 8017 §7.1), MGF1 with the same hash, an empty label.
package enum AsymmetricEncryption: String, Sendable, CaseIterable {
    case oaepSHA256 = "RSAES_OAEP_SHA_256"
    case oaepSHA1 = "RSAES_OAEP_SHA_1"

    package var hash: HashAlgorithm {
        switch self {
        case .oaepSHA256: .sha256
        case .oaepSHA1: .sha1
        }
    }

    /// Returns the maximum length of a plaintext, in bytes, for a modulus of so many bits (RFC 8017 §7.1.1 step 1b).
    package func maxPlaintextLength(modulusBits: Int) -> Int { modulusBits / 8 - 2 * hash.byteCount - 2 }
}
