/// An operation that a caller requests of the service.
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
