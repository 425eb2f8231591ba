/// AES, secrets, HMAC and hashes.
extension Mechanism {
    /// Makes an AES key; the template sets its length with `.valueLength(16 | 24 | 32)`.
    public static let aesKeyGen = Mechanism(.aesKeyGen)

    /// Makes a secret of any length, for HMAC.
    public static let genericSecretKeyGen = Mechanism(.genericSecretKeyGen)

    /// AES-GCM. The ciphertext ends with the tag.
    ///
    /// Use an initialization vector of 12 bytes that never repeats under a key, and a tag of 128 bits. SoftHSM also accepts a tag
    /// of 0 bits and an empty vector, so it does not report a mistake.
    ///
    /// - Parameters:
    ///   - iv: the initialization vector.
    ///   - aad: data that is authenticated but not encrypted.
    ///   - tagBits: the length of the tag in bits.
    public static func aesGCM(iv: [UInt8], aad: [UInt8], tagBits: Int = 128) -> Mechanism {
        Mechanism(.aesGCM, .gcm(iv: iv, aad: aad, tagBits: tagBits))
    }

    /// RFC 3394 with its default vector: for keys whose length is a multiple of 8 bytes. The output is 8 bytes longer.
    public static let aesKeyWrap = Mechanism(.aesKeyWrap)

    /// 0x210A, which is RFC 5649 in some modules (SoftHSM) and PKCS #7 padding before RFC 3394 in others (NSS). Determine which
    /// by a trial, and record it with each blob.
    public static let aesKeyWrapPad = Mechanism(.aesKeyWrapPad)

    /// RFC 5649: for keys of any length (v3.0, 0x210B).
    public static let aesKeyWrapKWP = Mechanism(.aesKeyWrapKWP)

    /// HMAC over a message: 32 bytes. SoftHSM requires a key at least that long, and likewise for the longer ones.
    public static let sha256HMAC = Mechanism(.sha256HMAC)
    /// 28 bytes.
    public static let sha224HMAC = Mechanism(.sha224HMAC)
    /// 48 bytes.
    public static let sha384HMAC = Mechanism(.sha384HMAC)
    /// 64 bytes.
    public static let sha512HMAC = Mechanism(.sha512HMAC)

    /// A hash of 20 bytes. For old formats only.
    public static let sha1 = Mechanism(.sha1)
    /// A hash of 28 bytes.
    public static let sha224 = Mechanism(.sha224)
    /// A hash of 32 bytes.
    public static let sha256 = Mechanism(.sha256)
    /// A hash of 48 bytes.
    public static let sha384 = Mechanism(.sha384)
    /// A hash of 64 bytes.
    public static let sha512 = Mechanism(.sha512)
}
