public import SecretMemory

/// The outcome of one item of several.
public typealias TokenResult<Value> = Result<Value, TokenError>

/// A plaintext to encrypt, and the additional data to authenticate.
public struct Encryption: Sendable {
    public let plaintext: SecretBytes
    /// The additional authenticated data; never empty.
    public let additionalData: [UInt8]

    public init(_ plaintext: SecretBytes, additionalData: [UInt8]) {
        self.plaintext = plaintext
        self.additionalData = additionalData
    }
}

/// A box to decrypt, and the additional data that was authenticated with it.
public struct Decryption: Sendable {
    public let box: SealedBox
    public let additionalData: [UInt8]

    public init(_ box: SealedBox, additionalData: [UInt8]) {
        self.box = box
        self.additionalData = additionalData
    }
}

/// A request for one data key.
public struct DataKeyOrder: Sendable {
    /// The length of the data key: 1 to 1,024 bytes.
    public let byteCount: Int
    public let additionalData: [UInt8]

    public init(byteCount: Int, additionalData: [UInt8]) {
        self.byteCount = byteCount
        self.additionalData = additionalData
    }
}

/// A data key as the token issued it.
public struct TokenDataKey: Sendable {
    public let plaintext: SecretBytes
    public let box: SealedBox

    public init(plaintext: SecretBytes, box: SealedBox) {
        self.plaintext = plaintext
        self.box = box
    }
}

/// A version key that has just been generated or imported.
public struct NewKey: Hashable, Sendable {
    public let wrapped: WrappedKey
    /// The public key; `nil` for symmetric keys.
    public let publicKey: PublicKeyInfo?
    /// The check value; `nil` unless the key was imported and is symmetric.
    public let checkValue: CheckValue?

    public init(wrapped: WrappedKey, publicKey: PublicKeyInfo? = nil, checkValue: CheckValue? = nil) {
        self.wrapped = wrapped
        self.publicKey = publicKey
        self.checkValue = checkValue
    }
}

/// A key pair that leaves the token.
public struct DataKeyPairMaterial: Sendable {
    /// DER of a PKCS #8 PrivateKeyInfo (RFC 5208 §5).
    public let privateKey: SecretBytes
    public let publicKey: PublicKeyInfo

    public init(privateKey: SecretBytes, publicKey: PublicKeyInfo) {
        self.privateKey = privateKey
        self.publicKey = publicKey
    }
}

/// Key material to import, as it arrives.
public struct ImportMaterial: Sendable {
    public let algorithm: KeyAlgorithm
    public let usage: KeyUsage
    /// The material, wrapped by the method of the import job.
    public let wrapped: [UInt8]
    /// The public key; `nil` for symmetric keys, and not needed for RSA and ECDSA, where it can be found.
    ///
    /// Modules do not compute the public key from a private key on a curve. It is believed only after a signature by the
    /// private key verified with it.
    public let publicKey: PublicKeyInfo?

    public init(algorithm: KeyAlgorithm, usage: KeyUsage, wrapped: [UInt8], publicKey: PublicKeyInfo? = nil) {
        self.algorithm = algorithm
        self.usage = usage
        self.wrapped = wrapped
        self.publicKey = publicKey
    }
}
