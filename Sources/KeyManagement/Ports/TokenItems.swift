package import SecretMemory

/// The outcome of one item of several.
package typealias TokenResult<Value> = Result<Value, TokenError>

/// A plaintext to encrypt, and the additional data to authenticate.
package struct Encryption: Sendable {
    package let plaintext: SecretBytes
    /// The additional authenticated data; never empty.
    package let additionalData: [UInt8]

    package init(_ plaintext: SecretBytes, additionalData: [UInt8]) {
        self.plaintext = plaintext
        self.additionalData = additionalData
    }
}

/// A box to decrypt, and the additional data that was authenticated with it.
package struct Decryption: Sendable {
    package let box: SealedBox
    package let additionalData: [UInt8]

    package init(_ box: SealedBox, additionalData: [UInt8]) {
        self.box = box
        self.additionalData = additionalData
    }
}

/// A request for one data key.
package struct DataKeyOrder: Sendable {
    /// The length of the data key: 1 to 1,024 bytes.
    package let byteCount: Int
    package let additionalData: [UInt8]

    package init(byteCount: Int, additionalData: [UInt8]) {
        self.byteCount = byteCount
        self.additionalData = additionalData
    }
}

/// A data key as the token issued it.
package struct TokenDataKey: Sendable {
    package let plaintext: SecretBytes
    package let box: SealedBox

    package init(plaintext: SecretBytes, box: SealedBox) {
        self.plaintext = plaintext
        self.box = box
    }
}

/// A version key that has just been generated or imported.
package struct NewKey: Hashable, Sendable {
    package let wrapped: WrappedKey
    /// The public key; `nil` for symmetric keys.
    package let publicKey: PublicKeyInfo?
    /// The check value; `nil` unless the key was imported and is symmetric.
    package let checkValue: CheckValue?

    package init(wrapped: WrappedKey, publicKey: PublicKeyInfo? = nil, checkValue: CheckValue? = nil) {
        self.wrapped = wrapped
        self.publicKey = publicKey
        self.checkValue = checkValue
    }
}

/// A key pair that leaves the token.
package struct DataKeyPairMaterial: Sendable {
    /// DER of a PKCS #8 PrivateKeyInfo (RFC 5208 §5).
    package let privateKey: SecretBytes
    package let publicKey: PublicKeyInfo

    package init(privateKey: SecretBytes, publicKey: PublicKeyInfo) {
        self.privateKey = privateKey
        self.publicKey = publicKey
    }
}

/// Key material to import, as it arrives.
package struct ImportMaterial: Sendable {
    package let algorithm: KeyAlgorithm
    package let usage: KeyUsage
    /// The material, wrapped by the method of the import job.
    package let wrapped: [UInt8]
    /// The public key; `nil` for symmetric keys, and not needed for RSA and ECDSA, where it can be found.
    ///
    /// Modules do not compute the public key from a private key on a curve. It is believed only after a signature by the
    /// private key verified with it.
    package let publicKey: PublicKeyInfo?

    package init(algorithm: KeyAlgorithm, usage: KeyUsage, wrapped: [UInt8], publicKey: PublicKeyInfo? = nil) {
        self.algorithm = algorithm
        self.usage = usage
        self.wrapped = wrapped
        self.publicKey = publicKey
    }
}
