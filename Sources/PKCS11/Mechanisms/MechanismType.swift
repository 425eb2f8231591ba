internal import CPKCS11

/// A mechanism without its parameters (`CK_MECHANISM_TYPE`, v2.40 §3.5).
public struct MechanismType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: UInt

    public init(rawValue: UInt) {
        self.rawValue = rawValue
    }

    /// The name in the standard, `CKM_AES_GCM`; an unknown mechanism prints as its number, `CKM_0x80000001`.
    public var description: String {
        Self.names[rawValue] ?? "CKM_0x" + String(rawValue, radix: 16, uppercase: true)
    }
}

extension MechanismType {
    // AES and generic secrets.
    public static let aesKeyGen = MechanismType(rawValue: CKM_AES_KEY_GEN)
    public static let aesGCM = MechanismType(rawValue: CKM_AES_GCM)
    public static let aesECB = MechanismType(rawValue: CKM_AES_ECB)
    public static let aesCBC = MechanismType(rawValue: CKM_AES_CBC)
    public static let aesCBCPad = MechanismType(rawValue: CKM_AES_CBC_PAD)
    public static let aesCMAC = MechanismType(rawValue: CKM_AES_CMAC)
    public static let aesKeyWrap = MechanismType(rawValue: CKM_AES_KEY_WRAP)
    public static let aesKeyWrapPad = MechanismType(rawValue: CKM_AES_KEY_WRAP_PAD)
    public static let aesKeyWrapKWP = MechanismType(rawValue: CKM_AES_KEY_WRAP_KWP)
    public static let genericSecretKeyGen = MechanismType(rawValue: CKM_GENERIC_SECRET_KEY_GEN)

    // Hashes and HMAC.
    public static let sha1 = MechanismType(rawValue: CKM_SHA_1)
    public static let sha224 = MechanismType(rawValue: CKM_SHA224)
    public static let sha256 = MechanismType(rawValue: CKM_SHA256)
    public static let sha384 = MechanismType(rawValue: CKM_SHA384)
    public static let sha512 = MechanismType(rawValue: CKM_SHA512)
    public static let sha224HMAC = MechanismType(rawValue: CKM_SHA224_HMAC)
    public static let sha256HMAC = MechanismType(rawValue: CKM_SHA256_HMAC)
    public static let sha384HMAC = MechanismType(rawValue: CKM_SHA384_HMAC)
    public static let sha512HMAC = MechanismType(rawValue: CKM_SHA512_HMAC)

    // RSA.
    public static let rsaPKCSKeyPairGen = MechanismType(rawValue: CKM_RSA_PKCS_KEY_PAIR_GEN)
    public static let rsaPKCS = MechanismType(rawValue: CKM_RSA_PKCS)
    public static let rsaX509 = MechanismType(rawValue: CKM_RSA_X_509)
    public static let rsaOAEP = MechanismType(rawValue: CKM_RSA_PKCS_OAEP)
    public static let rsaPSS = MechanismType(rawValue: CKM_RSA_PKCS_PSS)
    public static let sha256RSAPKCS = MechanismType(rawValue: CKM_SHA256_RSA_PKCS)
    public static let sha384RSAPKCS = MechanismType(rawValue: CKM_SHA384_RSA_PKCS)
    public static let sha512RSAPKCS = MechanismType(rawValue: CKM_SHA512_RSA_PKCS)
    public static let sha256RSAPSS = MechanismType(rawValue: CKM_SHA256_RSA_PKCS_PSS)
    public static let sha384RSAPSS = MechanismType(rawValue: CKM_SHA384_RSA_PKCS_PSS)
    public static let sha512RSAPSS = MechanismType(rawValue: CKM_SHA512_RSA_PKCS_PSS)
    public static let rsaAESKeyWrap = MechanismType(rawValue: CKM_RSA_AES_KEY_WRAP)

    // Elliptic curves.
    public static let ecKeyPairGen = MechanismType(rawValue: CKM_EC_KEY_PAIR_GEN)
    public static let ecdsa = MechanismType(rawValue: CKM_ECDSA)
    public static let ecdsaSHA256 = MechanismType(rawValue: CKM_ECDSA_SHA256)
    public static let ecdsaSHA384 = MechanismType(rawValue: CKM_ECDSA_SHA384)
    public static let ecdsaSHA512 = MechanismType(rawValue: CKM_ECDSA_SHA512)
    public static let ecdh1Derive = MechanismType(rawValue: CKM_ECDH1_DERIVE)
    public static let ecEdwardsKeyPairGen = MechanismType(rawValue: CKM_EC_EDWARDS_KEY_PAIR_GEN)
    public static let edDSA = MechanismType(rawValue: CKM_EDDSA)
}
