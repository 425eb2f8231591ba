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

extension Verb {
    /// The actions that a verb may consist of. If the operation does not say which it is, all of them must be allowed.
    package var actions: Set<KeyAction> {
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

    /// True if a grant may allow the verb.
    var isGrantable: Bool { !actions.isDisjoint(with: KeyAction.grantable) && self != .listKeys }
}
