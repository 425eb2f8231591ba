/// A data key.
public struct DataKeyAnswer: Codable, Sendable {
    public let keyId: String
    public let version: UInt32
    /// The data key itself; nil if it was issued as a ciphertext only.
    public var plaintext: Base64Secret?
    public let ciphertext: String
    /// The ciphertext as text, `kms:<version>:<base64>`.
    public let ciphertextText: String
}

/// A key pair whose private half is encrypted under a key.
public struct DataKeyPairAnswer: Codable, Sendable {
    public let keyId: String
    public let version: UInt32
    /// The public key, SubjectPublicKeyInfo in DER.
    public let publicKey: Base64Bytes
    /// The private key, PKCS #8 in DER; nil if it was issued as a ciphertext only.
    public var privateKey: Base64Secret?
    public let ciphertext: String
    public let ciphertextText: String
}

/// A ciphertext.
public struct EncryptAnswer: Codable, Sendable {
    public let keyId: String
    public let version: UInt32
    public let ciphertext: String
    public let ciphertextText: String
}

/// A plaintext.
public struct DecryptAnswer: Codable, Sendable {
    public let keyId: String
    public let version: UInt32
    public let plaintext: Base64Secret
}

/// A ciphertext that replaces another.
public struct ReEncryptAnswer: Codable, Sendable {
    public let sourceKeyId: String
    public let sourceVersion: UInt32
    public let keyId: String
    public let version: UInt32
    public let ciphertext: String
    public let ciphertextText: String
}

/// A signature.
public struct SignAnswer: Codable, Sendable {
    public let keyId: String
    public let version: UInt32
    public let algorithm: String
    public let signature: Base64Bytes
}

/// The result of a verification.
public struct VerifyAnswer: Codable, Sendable {
    public let keyId: String
    public let version: UInt32
    public let valid: Bool
}

/// A message authentication code.
public struct MACAnswer: Codable, Sendable {
    public let keyId: String
    public let version: UInt32
    public let hmac: Base64Bytes
}

/// A shared secret (ECDH).
public struct AgreedSecretAnswer: Codable, Sendable {
    public let keyId: String
    public let version: UInt32
    public let secret: Base64Secret
}

/// Random bytes.
public struct RandomAnswer: Codable, Sendable {
    public let plaintext: Base64Secret
}
