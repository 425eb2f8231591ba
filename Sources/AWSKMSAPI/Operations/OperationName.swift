/// The operations of AWS KMS, from its public service model (API version 2014-11-01).
enum OperationName: String, CaseIterable, Sendable, CustomStringConvertible {
    case cancelKeyDeletion = "CancelKeyDeletion"
    case connectCustomKeyStore = "ConnectCustomKeyStore"
    case createAlias = "CreateAlias"
    case createCustomKeyStore = "CreateCustomKeyStore"
    case createGrant = "CreateGrant"
    case createKey = "CreateKey"
    case decrypt = "Decrypt"
    case deleteAlias = "DeleteAlias"
    case deleteCustomKeyStore = "DeleteCustomKeyStore"
    case deleteImportedKeyMaterial = "DeleteImportedKeyMaterial"
    case deriveSharedSecret = "DeriveSharedSecret"
    case describeCustomKeyStores = "DescribeCustomKeyStores"
    case describeKey = "DescribeKey"
    case disableKey = "DisableKey"
    case disableKeyRotation = "DisableKeyRotation"
    case disconnectCustomKeyStore = "DisconnectCustomKeyStore"
    case enableKey = "EnableKey"
    case enableKeyRotation = "EnableKeyRotation"
    case encrypt = "Encrypt"
    case generateDataKey = "GenerateDataKey"
    case generateDataKeyPair = "GenerateDataKeyPair"
    case generateDataKeyPairWithoutPlaintext = "GenerateDataKeyPairWithoutPlaintext"
    case generateDataKeyWithoutPlaintext = "GenerateDataKeyWithoutPlaintext"
    case generateMac = "GenerateMac"
    case generateRandom = "GenerateRandom"
    case getKeyLastUsage = "GetKeyLastUsage"
    case getKeyPolicy = "GetKeyPolicy"
    case getKeyRotationStatus = "GetKeyRotationStatus"
    case getParametersForImport = "GetParametersForImport"
    case getPublicKey = "GetPublicKey"
    case importKeyMaterial = "ImportKeyMaterial"
    case listAliases = "ListAliases"
    case listGrants = "ListGrants"
    case listKeyPolicies = "ListKeyPolicies"
    case listKeyRotations = "ListKeyRotations"
    case listKeys = "ListKeys"
    case listResourceTags = "ListResourceTags"
    case listRetirableGrants = "ListRetirableGrants"
    case putKeyPolicy = "PutKeyPolicy"
    case reEncrypt = "ReEncrypt"
    case replicateKey = "ReplicateKey"
    case retireGrant = "RetireGrant"
    case revokeGrant = "RevokeGrant"
    case rotateKeyOnDemand = "RotateKeyOnDemand"
    case scheduleKeyDeletion = "ScheduleKeyDeletion"
    case sign = "Sign"
    case tagResource = "TagResource"
    case untagResource = "UntagResource"
    case updateAlias = "UpdateAlias"
    case updateCustomKeyStore = "UpdateCustomKeyStore"
    case updateKeyDescription = "UpdateKeyDescription"
    case updatePrimaryRegion = "UpdatePrimaryRegion"
    case verify = "Verify"
    case verifyMac = "VerifyMac"

    var description: String { rawValue }

    /// The operation of this name. A new name does not compile without one.
    var operation: Operation {
        switch self {
        case .cancelKeyDeletion: .cancelKeyDeletion
        case .createAlias: .createAlias
        case .createGrant: .createGrant
        case .createKey: .createKey
        case .decrypt: .decrypt
        case .deleteAlias: .deleteAlias
        case .deleteImportedKeyMaterial: .deleteImportedKeyMaterial
        case .deriveSharedSecret: .deriveSharedSecret
        case .describeKey: .describeKey
        case .disableKey: .disableKey
        case .disableKeyRotation: .disableKeyRotation
        case .enableKey: .enableKey
        case .enableKeyRotation: .enableKeyRotation
        case .encrypt: .encrypt
        case .generateDataKey: .generateDataKey
        case .generateDataKeyPair: .generateDataKeyPair
        case .generateDataKeyPairWithoutPlaintext: .generateDataKeyPairWithoutPlaintext
        case .generateDataKeyWithoutPlaintext: .generateDataKeyWithoutPlaintext
        case .generateMac: .generateMac
        case .generateRandom: .generateRandom
        case .getKeyPolicy: .getKeyPolicy
        case .getKeyRotationStatus: .getKeyRotationStatus
        case .getParametersForImport: .getParametersForImport
        case .getPublicKey: .getPublicKey
        case .importKeyMaterial: .importKeyMaterial
        case .listAliases: .listAliases
        case .listGrants: .listGrants
        case .listKeyPolicies: .listKeyPolicies
        case .listKeyRotations: .listKeyRotations
        case .listKeys: .listKeys
        case .listResourceTags: .listResourceTags
        case .listRetirableGrants: .listRetirableGrants
        case .putKeyPolicy: .putKeyPolicy
        case .reEncrypt: .reEncrypt
        case .retireGrant: .retireGrant
        case .revokeGrant: .revokeGrant
        case .rotateKeyOnDemand: .rotateKeyOnDemand
        case .scheduleKeyDeletion: .scheduleKeyDeletion
        case .sign: .sign
        case .tagResource: .tagResource
        case .untagResource: .untagResource
        case .updateAlias: .updateAlias
        case .updateKeyDescription: .updateKeyDescription
        case .verify: .verify
        case .verifyMac: .verifyMac
        case .connectCustomKeyStore, .createCustomKeyStore, .deleteCustomKeyStore, .describeCustomKeyStores,
            .disconnectCustomKeyStore, .updateCustomKeyStore:
            .refused(self, because: "Custom key stores are not supported: all keys are in the service's own token.")
        case .replicateKey, .updatePrimaryRegion:
            .refused(self, because: "Multi-Region keys are not supported: each key is in one region, in one token.")
        case .getKeyLastUsage:
            .refused(self, because: "How a key was used last is in the audit log: kms audit search --key.")
        }
    }
}
