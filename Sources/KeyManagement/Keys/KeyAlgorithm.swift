/// The algorithm of a key. A key has one algorithm for life.
package enum KeyAlgorithm: String, Sendable, CaseIterable {
    /// AES with 256-bit keys in Galois/Counter Mode, random 96-bit nonces and 128-bit tags (NIST SP 800-38D).
    case aes256GCM96 = "AES256-GCM96"
    /// RSA with a modulus of 2,048 bits and the public exponent 65,537 (FIPS 186-5 §5).
    case rsa2048 = "RSA-2048"
    /// RSA with 3,072 bits.
    case rsa3072 = "RSA-3072"
    /// RSA with 4,096 bits.
    case rsa4096 = "RSA-4096"
    /// ECDSA or Diffie-Hellman on P-256 (NIST SP 800-186 §3.2.1.3).
    case ecP256 = "EC-P256"
    /// ECDSA or Diffie-Hellman on P-384 (§3.2.1.4).
    case ecP384 = "EC-P384"
    /// ECDSA or Diffie-Hellman on P-521 (§3.2.1.5).
    case ecP521 = "EC-P521"
    /// ECDSA on secp256k1 (SEC 2 §2.4.1).
    case ecSecp256k1 = "EC-SECP256K1"
    /// EdDSA on Curve25519 (RFC 8032 §5.1).
    case ed25519 = "ED25519"
    /// HMAC with SHA-224 and a secret of 28 bytes (RFC 2104, FIPS 198-1).
    case hmacSHA224 = "HMAC-SHA224"
    /// HMAC with SHA-256 and a secret of 32 bytes.
    case hmacSHA256 = "HMAC-SHA256"
    /// HMAC with SHA-384 and a secret of 48 bytes.
    case hmacSHA384 = "HMAC-SHA384"
    /// HMAC with SHA-512 and a secret of 64 bytes.
    case hmacSHA512 = "HMAC-SHA512"

    /// The family of algorithms that it belongs to.
    package var family: Family {
        switch self {
        case .aes256GCM96: .aes
        case .rsa2048: .rsa(modulusBits: 2048)
        case .rsa3072: .rsa(modulusBits: 3072)
        case .rsa4096: .rsa(modulusBits: 4096)
        case .ecP256: .ec(.p256)
        case .ecP384: .ec(.p384)
        case .ecP521: .ec(.p521)
        case .ecSecp256k1: .ec(.secp256k1)
        case .ed25519: .ed25519
        case .hmacSHA224: .hmac(.sha224)
        case .hmacSHA256: .hmac(.sha256)
        case .hmacSHA384: .hmac(.sha384)
        case .hmacSHA512: .hmac(.sha512)
        }
    }

    package enum Family: Hashable, Sendable {
        case aes
        case rsa(modulusBits: Int)
        case ec(Curve)
        case ed25519
        case hmac(HashAlgorithm)
    }

    /// The usages that keys of this algorithm may have. The first is the default for a new key.
    package var usages: [KeyUsage] {
        switch family {
        case .aes: [.encryptDecrypt]
        case .rsa: [.signVerify, .encryptDecrypt]
        // AWS KMS also restricts keys on secp256k1 to signing.
        case .ec(.secp256k1), .ed25519: [.signVerify]
        case .ec: [.signVerify, .keyAgreement]
        case .hmac: [.generateVerifyMAC]
        }
    }

    /// True if keys of this algorithm have a public key.
    package var isAsymmetric: Bool {
        switch family {
        case .rsa, .ec, .ed25519: true
        case .aes, .hmac: false
        }
    }
}

/// The curves that keys are on.
package enum Curve: String, Sendable, CaseIterable {
    case p256 = "P-256"
    case p384 = "P-384"
    case p521 = "P-521"
    case secp256k1

    /// The length of a coordinate and of half a raw signature, in bytes.
    package var coordinateByteCount: Int {
        switch self {
        case .p256, .secp256k1: 32
        case .p384: 48
        case .p521: 66
        }
    }
}

/// The hash functions of FIPS 180-4 that signatures, MACs and OAEP are made with.
package enum HashAlgorithm: String, Sendable, CaseIterable {
    /// For OAEP only, where collisions do not matter.
    case sha1 = "SHA-1"
    case sha224 = "SHA-224"
    case sha256 = "SHA-256"
    case sha384 = "SHA-384"
    case sha512 = "SHA-512"

    /// The length of a digest, in bytes.
    package var byteCount: Int {
        switch self {
        case .sha1: 20
        case .sha224: 28
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }
}

/// The usage of a key. A key has one usage for life.
package enum KeyUsage: String, Sendable, CaseIterable {
    /// Encryption and decryption; with AES also data keys.
    case encryptDecrypt
    case signVerify
    case generateVerifyMAC
    /// Derivation of a shared secret with a public key of another party, by Diffie-Hellman on a curve (NIST SP 800-56A §5.7.1.2).
    case keyAgreement
}

/// The origin of a key's material. All versions of a key have the same origin.
package enum KeyOrigin: String, Sendable, CaseIterable {
    /// Generated in the token.
    case generated
    /// Imported by its owner, wrapped for the token. Copies may exist outside the token.
    case imported
}

/// The availability of a key as a whole, in addition to the states of its versions.
package enum KeyAvailability: String, Sendable, CaseIterable {
    case enabled
    case disabled
    /// The key will be deleted with all its versions, unless the deletion is cancelled.
    case pendingDeletion
}
