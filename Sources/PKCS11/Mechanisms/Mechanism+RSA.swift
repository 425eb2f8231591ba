/// RSA (Current Mechanisms v2.40 §2.1).
extension Mechanism {
    /// Makes an RSA key pair; the public template sets its size with `.modulusBits`.
    public static let rsaPKCSKeyPairGen = Mechanism(.rsaPKCSKeyPairGen)

    /// PKCS #1 v1.5. To sign, the data is the DER of a `DigestInfo`, which this mechanism does not make.
    public static let rsaPKCS = Mechanism(.rsaPKCS)

    /// The bare RSA operation, without any padding.
    public static let rsaX509 = Mechanism(.rsaX509)

    /// OAEP. SoftHSM supports only SHA-1, for both hashes.
    ///
    /// - Parameters:
    ///   - hash: the hash of the label.
    ///   - mgf: the hash of the mask generation function MGF1.
    ///   - label: usually empty.
    public static func rsaOAEP(hash: HashFunction, mgf: HashFunction, label: [UInt8] = []) -> Mechanism {
        Mechanism(.rsaOAEP, .oaep(OAEPParameters(hash: hash, mgf: mgf, label: label)))
    }

    /// PSS over an existing hash.
    ///
    /// - Parameters:
    ///   - hash: the hash that made the data.
    ///   - mgf: the hash of the mask generation function MGF1.
    ///   - saltLength: in bytes; usually the hash's own length.
    public static func rsaPSS(hash: HashFunction, mgf: HashFunction, saltLength: Int) -> Mechanism {
        Mechanism(.rsaPSS, .pss(hash: hash, mgf: mgf, saltLength: saltLength))
    }

    /// PKCS #1 v1.5 over a message, which the token hashes.
    public static let sha256RSAPKCS = Mechanism(.sha256RSAPKCS)
    /// The same with SHA-384.
    public static let sha384RSAPKCS = Mechanism(.sha384RSAPKCS)
    /// The same with SHA-512.
    public static let sha512RSAPKCS = Mechanism(.sha512RSAPKCS)

    /// PSS over a message, which the token hashes, with MGF1 by the same hash. The salt's length is in bytes.
    public static func sha256RSAPSS(saltLength: Int = 32) -> Mechanism {
        Mechanism(.sha256RSAPSS, .pss(hash: .sha256, mgf: .sha256, saltLength: saltLength))
    }

    /// The same with SHA-384.
    public static func sha384RSAPSS(saltLength: Int = 48) -> Mechanism {
        Mechanism(.sha384RSAPSS, .pss(hash: .sha384, mgf: .sha384, saltLength: saltLength))
    }

    /// The same with SHA-512.
    public static func sha512RSAPSS(saltLength: Int = 64) -> Mechanism {
        Mechanism(.sha512RSAPSS, .pss(hash: .sha512, mgf: .sha512, saltLength: saltLength))
    }

    /// Wraps a key of any length under an ephemeral AES key, and the AES key under RSA with OAEP (§2.1.20).
    ///
    /// - Parameters:
    ///   - aesKeyBits: the length of the ephemeral key: 128, 192 or 256.
    ///   - hash: the hash of OAEP's label.
    ///   - mgf: the hash of OAEP's mask generation function MGF1.
    ///   - label: OAEP's label, usually empty.
    public static func rsaAESKeyWrap(
        aesKeyBits: Int, hash: HashFunction, mgf: HashFunction, label: [UInt8] = []
    ) -> Mechanism {
        let oaep = OAEPParameters(hash: hash, mgf: mgf, label: label)
        return Mechanism(.rsaAESKeyWrap, .rsaAESKeyWrap(aesKeyBits: aesKeyBits, oaep))
    }
}
