import KeyManagement

/// The names of AWS KMS, in the order of its model.
enum AWSNames {
    static let keySpecs = [
        "RSA_2048", "RSA_3072", "RSA_4096", "ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521", "ECC_SECG_P256K1",
        "ECC_NIST_EDWARDS25519", "SYMMETRIC_DEFAULT", "HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512", "SM2",
        "ML_DSA_44", "ML_DSA_65", "ML_DSA_87",
    ]
    static let keyPairSpecs = [
        "RSA_2048", "RSA_3072", "RSA_4096", "ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521", "ECC_SECG_P256K1",
        "SM2", "ECC_NIST_EDWARDS25519",
    ]
    static let keyUsages = ["ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"]
    static let origins = ["AWS_KMS", "EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"]
    static let dataKeySpecs = ["AES_256", "AES_128"]
    static let encryptionAlgorithms = ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE", "SYMMETRIC_DEFAULT"]
    static let signingAlgorithms = [
        "RSASSA_PSS_SHA_256", "RSASSA_PSS_SHA_384", "RSASSA_PSS_SHA_512", "RSASSA_PKCS1_V1_5_SHA_256",
        "RSASSA_PKCS1_V1_5_SHA_384", "RSASSA_PKCS1_V1_5_SHA_512", "ECDSA_SHA_256", "ECDSA_SHA_384", "ECDSA_SHA_512",
        "ED25519_SHA_512", "ED25519_PH_SHA_512", "SM2DSA", "ML_DSA_SHAKE_256",
    ]
    static let macAlgorithms = ["HMAC_SHA_384", "HMAC_SHA_256", "HMAC_SHA_224", "HMAC_SHA_512"]
    static let messageTypes = ["RAW", "DIGEST", "EXTERNAL_MU"]
    static let wrappingAlgorithms = [
        "RSAES_PKCS1_V1_5", "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "RSA_AES_KEY_WRAP_SHA_1",
        "RSA_AES_KEY_WRAP_SHA_256", "SM2PKE",
    ]
    static let wrappingKeySpecs = ["RSA_2048", "RSA_3072", "RSA_4096", "SM2"]
    static let grantOperations = [
        "Decrypt", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom", "ReEncryptTo",
        "Sign", "Verify", "GetPublicKey", "CreateGrant", "RetireGrant", "DescribeKey", "GenerateDataKeyPair",
        "GenerateDataKeyPairWithoutPlaintext", "GenerateMac", "VerifyMac", "DeriveSharedSecret",
    ]
    static let expirationModels = ["KEY_MATERIAL_EXPIRES", "KEY_MATERIAL_DOES_NOT_EXPIRE"]
    static let importTypes = ["NEW_KEY_MATERIAL", "EXISTING_KEY_MATERIAL"]
    static let includedMaterial = ["ALL_KEY_MATERIAL", "ROTATIONS_ONLY"]
}

extension KeyAlgorithm {
    /// Returns nil for a spec that this service does not support.
    init?(awsKeySpec spec: String) {
        guard let algorithm = Self.allCases.first(where: { $0.awsKeySpec == spec }) else { return nil }
        self = algorithm
    }

    var awsKeySpec: String {
        switch self {
        case .aes256GCM96: "SYMMETRIC_DEFAULT"
        case .rsa2048: "RSA_2048"
        case .rsa3072: "RSA_3072"
        case .rsa4096: "RSA_4096"
        case .ecP256: "ECC_NIST_P256"
        case .ecP384: "ECC_NIST_P384"
        case .ecP521: "ECC_NIST_P521"
        case .ecSecp256k1: "ECC_SECG_P256K1"
        case .ed25519: "ECC_NIST_EDWARDS25519"
        case .hmacSHA224: "HMAC_224"
        case .hmacSHA256: "HMAC_256"
        case .hmacSHA384: "HMAC_384"
        case .hmacSHA512: "HMAC_512"
        }
    }

    var awsMACAlgorithm: String? {
        switch self {
        case .hmacSHA224: "HMAC_SHA_224"
        case .hmacSHA256: "HMAC_SHA_256"
        case .hmacSHA384: "HMAC_SHA_384"
        case .hmacSHA512: "HMAC_SHA_512"
        default: nil
        }
    }

    func awsEncryptionAlgorithms(for usage: KeyUsage) -> [String] {
        guard usage == .encryptDecrypt else { return [] }
        return self == .aes256GCM96 ? ["SYMMETRIC_DEFAULT"] : ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"]
    }

    /// Returns the signing algorithms. For each curve, AWS KMS offers only the hash of the same length.
    func awsSigningAlgorithms(for usage: KeyUsage) -> [String] {
        guard usage == .signVerify else { return [] }
        switch self {
        case .rsa2048, .rsa3072, .rsa4096:
            return [
                "RSASSA_PKCS1_V1_5_SHA_256", "RSASSA_PKCS1_V1_5_SHA_384", "RSASSA_PKCS1_V1_5_SHA_512",
                "RSASSA_PSS_SHA_256", "RSASSA_PSS_SHA_384", "RSASSA_PSS_SHA_512",
            ]
        case .ecP256, .ecSecp256k1: return ["ECDSA_SHA_256"]
        case .ecP384: return ["ECDSA_SHA_384"]
        case .ecP521: return ["ECDSA_SHA_512"]
        case .ed25519: return ["ED25519_SHA_512"]
        default: return []
        }
    }
}

extension KeyUsage {
    init?(awsName name: String) {
        guard let usage = Self.allCases.first(where: { $0.awsName == name }) else { return nil }
        self = usage
    }

    var awsName: String {
        switch self {
        case .encryptDecrypt: "ENCRYPT_DECRYPT"
        case .signVerify: "SIGN_VERIFY"
        case .generateVerifyMAC: "GENERATE_VERIFY_MAC"
        case .keyAgreement: "KEY_AGREEMENT"
        }
    }
}

extension KeyAction {
    /// The action's name without `kms:`.
    var awsName: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }

    init?(awsName name: String) {
        self.init(rawValue: name.prefix(1).lowercased() + name.dropFirst())
    }
}
