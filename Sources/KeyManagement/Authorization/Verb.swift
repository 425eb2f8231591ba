/// An operation that a caller requests of the service.
///
/// Everything that depends on the verb alone is in this file, in switches that the compiler checks for completeness: who may use it, its
/// kind of work and of activity, and the actions by which policies and grants name it.
package enum Verb: String, Sendable, CaseIterable {
    // On keys, in a project.
    case listKeys
    case describeKey
    case createKey
    case updateKey
    case rotateKey
    case issueDataKey
    case encrypt
    case decrypt
    case reEncrypt
    case sign
    case verify
    case generateMAC
    case verifyMAC
    case deriveSharedSecret
    case generateRandom
    case readPublicKey
    case readKeyUsage
    case changeState
    case destroy
    case deleteKey
    case importKey
    case listAliases
    case changeAlias
    case changeAccess
    case createGrant
    case listGrants
    case retireGrant
    case revokeGrant
    case obtainServiceKey

    // On the platform.
    case authenticate
    case whoAmI
    case listRoles
    case changeOwner
    case explainAccess
    case readDirectory
    case changeProject
    case changeSubject
    case changeGroup
    case changeRole
    case readCredentials
    case issueCredential
    case revokeCredential
    case readAudit
    case readRoots
    case rotateRoots
    case retireRoots
    /// Putting records under the latest roots, by the service itself.
    case rewrapKeys
    case verifyStore
    case reportCustody
    case readApprovals
    case requestApproval
    case decideApproval
    case useApproval
    case changeApprovalPolicy
    /// Recovering an administrator, by the holder of the token's PIN, and only on its machine.
    case recoverAdministrator
    /// Lowering or removing an approval policy without approvals, by the holder of the token's PIN, and only on its machine.
    case resetApprovalPolicy
    /// Accepting a store that was set back, by the holder of the token's PIN.
    case acceptOlderStore
    /// Creating the state digest of a store of an earlier version, by the holder of the token's PIN.
    case adoptState
}

extension Verb {
    /// The condition that a caller must meet.
    package var requirement: AccessPolicy.Requirement {
        switch self {
        case .listKeys, .describeKey, .readPublicKey, .listAliases, .listGrants: .role(.viewer)
        case .issueDataKey, .encrypt, .decrypt, .reEncrypt, .sign, .verify, .generateMAC, .verifyMAC,
            .deriveSharedSecret, .generateRandom:
            .role(.user)
        case .createKey, .updateKey, .rotateKey, .changeState, .destroy, .deleteKey, .importKey, .changeAlias,
            .changeAccess, .createGrant, .retireGrant, .revokeGrant, .readKeyUsage:
            .role(.manager)
        case .obtainServiceKey: .serviceAgent(.user)
        case .listRoles: .roleOrAdministrator(.manager)
        case .authenticate, .whoAmI, .readApprovals, .requestApproval, .decideApproval, .useApproval: .anybody
        case .changeOwner, .explainAccess, .readDirectory, .changeProject, .changeSubject, .changeGroup, .changeRole,
            .readCredentials, .issueCredential, .revokeCredential, .readAudit, .recoverAdministrator,
            .resetApprovalPolicy, .acceptOlderStore, .adoptState, .readRoots, .rotateRoots, .retireRoots, .rewrapKeys,
            .verifyStore,
            .reportCustody,
            .changeApprovalPolicy:
            .administrator
        }
    }

    /// True for a verb that a role in a project allows.
    package var isOfProject: Bool {
        switch requirement {
        case .role, .serviceAgent: true
        case .administrator, .roleOrAdministrator, .anybody: false
        }
    }

    /// The kind of work that a verb is. Each kind has limits of its own.
    package enum Work: Sendable, Hashable {
        case management
        case cryptography
    }

    package var work: Work {
        switch self {
        case .issueDataKey, .encrypt, .decrypt, .reEncrypt, .sign, .verify, .generateMAC, .verifyMAC,
            .deriveSharedSecret, .generateRandom:
            .cryptography
        case .listKeys, .describeKey, .createKey, .updateKey, .rotateKey, .readPublicKey, .readKeyUsage, .changeState,
            .destroy, .deleteKey, .importKey, .listAliases, .changeAlias, .changeAccess, .createGrant, .listGrants,
            .retireGrant,
            .revokeGrant, .obtainServiceKey, .authenticate,
            .whoAmI,
            .listRoles, .changeOwner, .explainAccess, .readDirectory, .changeProject, .changeSubject, .changeGroup,
            .changeRole, .readCredentials, .issueCredential, .revokeCredential, .readAudit,
            .readRoots, .rotateRoots, .retireRoots, .rewrapKeys, .verifyStore, .reportCustody, .readApprovals,
            .requestApproval, .decideApproval, .useApproval, .changeApprovalPolicy, .recoverAdministrator,
            .resetApprovalPolicy, .acceptOlderStore, .adoptState:
            .management
        }
    }

    /// The kind of activity that a verb is, for other systems' audit formats.
    package enum Activity: Sendable, Hashable {
        case create, read, update, delete
        /// None of the four, as all cryptographic operations.
        case other
    }

    package var activity: Activity {
        switch self {
        case .createKey, .createGrant, .importKey, .issueDataKey, .issueCredential: .create
        case .listKeys, .describeKey, .readPublicKey, .readKeyUsage, .listAliases, .listGrants, .listRoles,
            .readDirectory,
            .readCredentials, .readAudit, .readRoots, .readApprovals:
            .read
        case .updateKey, .rotateKey, .changeState, .changeAlias, .changeAccess, .changeOwner, .changeProject,
            .changeSubject, .changeGroup, .changeRole, .rotateRoots, .changeApprovalPolicy:
            .update
        case .destroy, .deleteKey, .revokeGrant, .revokeCredential: .delete
        case .encrypt, .decrypt, .reEncrypt, .sign, .verify, .generateMAC, .verifyMAC, .deriveSharedSecret,
            .generateRandom, .retireGrant, .obtainServiceKey, .authenticate, .whoAmI, .explainAccess, .retireRoots,
            .rewrapKeys, .verifyStore, .reportCustody, .requestApproval, .decideApproval, .useApproval,
            .recoverAdministrator, .resetApprovalPolicy, .acceptOlderStore, .adoptState:
            .other
        }
    }

    /// The actions that a verb may consist of. If the operation does not say which it is, all of them must be allowed.
    package var actions: Set<KeyAction> {
        switch self {
        case .describeKey, .listKeys, .obtainServiceKey, .readKeyUsage: [.describeKey]
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
    var isGrantable: Bool {
        !actions.isDisjoint(with: KeyAction.grantable) && ![.listKeys, .readKeyUsage].contains(self)
    }
}
