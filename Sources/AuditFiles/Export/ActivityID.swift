internal import KeyManagement

/// The kind of activity of a verb, as OCSF numbers it for API Activity (class 6003).
enum ActivityID: UInt64 {
    case create = 1
    case read = 2
    case update = 3
    case delete = 4
    /// None of the four, as all cryptographic operations: reported by the name of the verb.
    case other = 99

    /// The kind of a verb by its name; other for a name that is not a verb of this version.
    init(verb: String) {
        self = Verb(rawValue: verb).map(Self.init) ?? .other
    }

    private init(_ verb: Verb) {
        self =
            switch verb {
            case .createKey, .createGrant, .importKey, .issueDataKey, .issueCredential: .create
            case .listKeys, .describeKey, .readPublicKey, .listAliases, .listGrants, .listRoles, .readDirectory,
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

    func name(of verb: String) -> String {
        switch self {
        case .create: "Create"
        case .read: "Read"
        case .update: "Update"
        case .delete: "Delete"
        case .other: verb
        }
    }
}
