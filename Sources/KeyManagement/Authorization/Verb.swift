/// What is asked of the service.
public enum Verb: String, Sendable, CaseIterable {
    // Of keys, in a project.
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

    // Of the platform.
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
    /// By the service itself: records are put under the latest roots.
    case rewrapKeys
    case verifyStore
    case reportCustody
    case readApprovals
    case requestApproval
    case decideApproval
    case useApproval
    case changeApprovalPolicy
    /// By whoever has the token's PIN, and only on its machine.
    case recoverAdministrator
    /// By whoever has the token's PIN, and only on its machine: an approval policy is lowered or removed without approvals.
    case resetApprovalPolicy
    /// By whoever has the token's PIN: a store that was set back is taken as it is.
    case acceptOlderStore
    /// By whoever has the token's PIN: the state digest of a store that an earlier version made.
    case adoptState

    /// Verbs by the work that they are, each with limits of its own.
    public enum Work: Sendable, Hashable {
        case management
        case cryptography
    }

    public var work: Work {
        switch self {
        case .issueDataKey, .encrypt, .decrypt, .reEncrypt, .sign, .verify, .generateMAC, .verifyMAC,
            .deriveSharedSecret, .generateRandom:
            .cryptography
        case .listKeys, .describeKey, .createKey, .updateKey, .rotateKey, .readPublicKey, .changeState, .destroy,
            .deleteKey, .importKey, .listAliases, .changeAlias, .changeAccess, .createGrant, .listGrants, .retireGrant,
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
}
