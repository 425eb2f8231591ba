internal import CPKCS11

/// The algorithm that a key is for (`CK_KEY_TYPE`, v2.40 §3.4).
public struct KeyType: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt

    public init(rawValue: UInt) {
        self.rawValue = rawValue
    }

    /// RSA, of any use.
    public static let rsa = KeyType(rawValue: CKK_RSA)
    /// Elliptic curves in Weierstrass form: ECDSA and ECDH.
    public static let ec = KeyType(rawValue: CKK_EC)
    /// AES, of 16, 24 or 32 bytes.
    public static let aes = KeyType(rawValue: CKK_AES)
    /// Any bytes, for HMAC of any hash and for key derivation.
    public static let genericSecret = KeyType(rawValue: CKK_GENERIC_SECRET)
    /// HMAC with SHA-256 only; the next two likewise.
    public static let sha256HMAC = KeyType(rawValue: CKK_SHA256_HMAC)
    public static let sha384HMAC = KeyType(rawValue: CKK_SHA384_HMAC)
    public static let sha512HMAC = KeyType(rawValue: CKK_SHA512_HMAC)
    /// Ed25519 and Ed448 (v3.0).
    public static let ecEdwards = KeyType(rawValue: CKK_EC_EDWARDS)
    /// X25519 and X448 (v3.0).
    public static let ecMontgomery = KeyType(rawValue: CKK_EC_MONTGOMERY)
}
