/// An action on one key, as finely as a policy or a grant of that key distinguishes it. The names are those of AWS KMS.
package enum KeyAction: String, Sendable, CaseIterable {
    case cancelKeyDeletion
    case createAlias
    case createGrant
    case decrypt
    case deleteAlias
    case deleteImportedKeyMaterial
    case deriveSharedSecret
    case describeKey
    case disableKey
    case disableKeyRotation
    case enableKey
    case enableKeyRotation
    case encrypt
    case generateDataKey
    case generateDataKeyPair
    case generateDataKeyPairWithoutPlaintext
    case generateDataKeyWithoutPlaintext
    case generateMac
    case getKeyPolicy
    case getKeyRotationStatus
    case getParametersForImport
    case getPublicKey
    case importKeyMaterial
    case listAliases
    case listGrants
    case listKeyPolicies
    case listKeyRotations
    case listResourceTags
    case putKeyPolicy
    case reEncryptFrom
    case reEncryptTo
    case retireGrant
    case revokeGrant
    case rotateKeyOnDemand
    case scheduleKeyDeletion
    case sign
    case tagResource
    case untagResource
    case updateAlias
    case updateKeyDescription
    case verify
    case verifyMac

    /// The actions that a grant can allow.
    package static let grantable: Set<KeyAction> = [
        .decrypt, .encrypt, .generateDataKey, .generateDataKeyWithoutPlaintext, .reEncryptFrom, .reEncryptTo, .sign,
        .verify, .getPublicKey, .createGrant, .retireGrant, .describeKey, .generateDataKeyPair,
        .generateDataKeyPairWithoutPlaintext, .generateMac, .verifyMac, .deriveSharedSecret,
    ]

    /// The actions that take an encryption context. A grant with a constraint restricts these.
    package static let withContext: Set<KeyAction> = [
        .decrypt, .encrypt, .generateDataKey, .generateDataKeyWithoutPlaintext, .reEncryptFrom, .reEncryptTo,
        .generateDataKeyPair, .generateDataKeyPairWithoutPlaintext,
    ]
}
