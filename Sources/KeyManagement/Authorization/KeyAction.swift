/// What is done with one key, as finely as a policy or a grant of that key tells it apart. The names are those of AWS KMS.
public enum KeyAction: String, Sendable, CaseIterable {
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

    /// What a grant can give.
    public static let grantable: Set<KeyAction> = [
        .decrypt, .encrypt, .generateDataKey, .generateDataKeyWithoutPlaintext, .reEncryptFrom, .reEncryptTo, .sign,
        .verify, .getPublicKey, .createGrant, .retireGrant, .describeKey, .generateDataKeyPair,
        .generateDataKeyPairWithoutPlaintext, .generateMac, .verifyMac, .deriveSharedSecret,
    ]

    /// Those that take an encryption context; a grant that asks for one gives nothing else.
    public static let withContext: Set<KeyAction> = [
        .decrypt, .encrypt, .generateDataKey, .generateDataKeyWithoutPlaintext, .reEncryptFrom, .reEncryptTo,
        .generateDataKeyPair, .generateDataKeyPairWithoutPlaintext,
    ]
}

extension Verb {
    /// What a verb may be of. Where the operation does not say which of them it is, all of them have to be allowed.
    public var actions: Set<KeyAction> {
        switch self {
        case .describeKey, .listKeys, .obtainServiceKey: [.describeKey]
        case .updateKey:
            [.updateKeyDescription, .tagResource, .untagResource, .enableKeyRotation, .disableKeyRotation]
        case .rotateKey: [.rotateKeyOnDemand]
        case .issueDataKey:
            [
                .generateDataKey, .generateDataKeyWithoutPlaintext, .generateDataKeyPair,
                .generateDataKeyPairWithoutPlaintext,
            ]
        case .encrypt: [.encrypt]
        case .decrypt: [.decrypt]
        case .reEncrypt: [.reEncryptFrom, .reEncryptTo]
        case .sign: [.sign]
        case .verify: [.verify]
        case .generateMAC: [.generateMac]
        case .verifyMAC: [.verifyMac]
        case .deriveSharedSecret: [.deriveSharedSecret]
        case .readPublicKey: [.getPublicKey]
        case .changeState: [.enableKey, .disableKey]
        case .destroy: [.scheduleKeyDeletion, .cancelKeyDeletion]
        case .deleteKey: [.scheduleKeyDeletion]
        case .importKey: [.getParametersForImport, .importKeyMaterial]
        case .listAliases: [.listAliases]
        case .changeAlias: [.createAlias, .updateAlias, .deleteAlias]
        case .changeAccess: [.putKeyPolicy]
        case .createGrant: [.createGrant]
        case .listGrants: [.listGrants]
        case .retireGrant: [.retireGrant]
        case .revokeGrant: [.revokeGrant]
        case .createKey, .generateRandom, .authenticate, .whoAmI, .listRoles, .changeOwner, .explainAccess,
            .readDirectory, .changeProject, .changeSubject, .changeGroup, .changeRole, .readCredentials,
            .issueCredential, .revokeCredential, .readAudit, .readRoots, .rotateRoots, .retireRoots, .rewrapKeys,
            .verifyStore, .reportCustody, .readApprovals, .requestApproval, .decideApproval, .useApproval,
            .changeApprovalPolicy, .recoverAdministrator, .resetApprovalPolicy, .acceptOlderStore, .adoptState:
            []
        }
    }

    /// Whether a grant may give it.
    var isGrantable: Bool { !actions.isDisjoint(with: KeyAction.grantable) && self != .listKeys }
}
