/// What a subject may do in a project.
public enum Role: String, Sendable, CaseIterable, Comparable {
    /// List and describe; no cryptography.
    case viewer
    /// Viewer, and the cryptographic operations.
    case user
    /// User, and the life of keys.
    case manager

    public static func < (lhs: Role, rhs: Role) -> Bool { lhs.rank < rhs.rank }

    /// How the audit log names what a role allows.
    fileprivate var rule: String {
        switch self {
        case .viewer: "role viewer"
        case .user: "role user"
        case .manager: "role manager"
        }
    }

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .user: 1
        case .manager: 2
        }
    }
}

/// Who may do what. Nothing else in the service decides it.
public enum AccessPolicy {
    public enum Decision: Hashable, Sendable {
        /// - Parameter rule: which one allows it.
        case allowed(rule: String)
        case denied(reason: String)
        /// Denied, and whoever asks is not told that there is such a key.
        case hidden(reason: String)

        /// Which rule decides, and why.
        public var reason: String {
            switch self {
            case .allowed(let rule): rule
            case .denied(let reason), .hidden(let reason): reason
            }
        }
    }

    /// Who has a verb by what he is.
    public enum Requirement: Hashable, Sendable {
        /// A role in the project that is this one or a higher one.
        case role(Role)
        /// The same, and being the agent of a service.
        case serviceAgent(Role)
        /// Being a platform administrator.
        case administrator
        /// A role in the project that is this one or a higher one, or being a platform administrator.
        case roleOrAdministrator(Role)
        /// Being known.
        case anybody
    }

    public static func requirement(of verb: Verb) -> Requirement {
        switch verb {
        case .listKeys, .describeKey, .readPublicKey, .listAliases, .listGrants: .role(.viewer)
        case .issueDataKey, .encrypt, .decrypt, .reEncrypt, .sign, .verify, .generateMAC, .verifyMAC,
            .deriveSharedSecret, .generateRandom:
            .role(.user)
        case .createKey, .updateKey, .rotateKey, .changeState, .destroy, .deleteKey, .importKey, .changeAlias,
            .changeAccess, .createGrant, .retireGrant, .revokeGrant:
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

    /// Whether somebody may do a thing that is not about one key.
    ///
    /// - Parameter project: where; nil for what is nowhere in particular.
    public static func decide(_ verb: Verb, in project: ProjectID?, for principal: Principal) -> Decision {
        if principal.kind == .system { return decideForSystem(verb) }
        switch requirement(of: verb) {
        case .role(let least): return decide(verb, least, in: project, for: principal)
        case .serviceAgent(let least):
            guard principal.kind.service != nil else {
                return .denied(reason: "\(verb.rawValue) is for the agents of services")
            }
            return decide(verb, least, in: project, for: principal)
        case .roleOrAdministrator(let least):
            if principal.isAdministrator { return .allowed(rule: "platform administrator") }
            return decide(verb, least, in: project, for: principal)
        case .administrator:
            guard principal.isAdministrator else {
                return .denied(reason: "\(verb.rawValue) takes a platform administrator")
            }
            return .allowed(rule: "platform administrator")
        case .anybody: return .allowed(rule: "authenticated")
        }
    }

    /// Whether somebody may do a thing with this key: the role, then whose key it is, then its access control.
    ///
    /// - Parameter actions: what of the verb it is; nil for anything.
    public static func decide(
        _ verb: Verb, on key: KeyRecord, for principal: Principal, _ actions: Set<KeyAction>? = nil
    ) -> Decision {
        let byRole = decide(verb, in: key.project, for: principal)
        guard case .allowed(let rule) = byRole, principal.kind != .system else { return byRole }
        if requirement(of: verb) == .administrator { return byRole }
        if let service = key.kind.service { return decide(verb, onKeyOf: service, rule, for: principal) }
        let list: AccessList
        switch key.access {
        case .byRole: return byRole
        case .restricted(let restricted): list = restricted
        case .policy(let policy): return decide(actions ?? verb.actions, by: policy, of: key, rule, for: principal)
        }
        if key.owner == principal.subject { return .allowed(rule: "\(rule), and owner of the key") }
        if list.subjects.contains(principal.subject) { return .allowed(rule: "\(rule), and listed for the key") }
        if let group = list.groups.intersection(principal.groups).min() {
            return .allowed(rule: "\(rule), and listed for the key by group \(group)")
        }
        return .hidden(reason: "the key's access control does not list \(principal.subject)")
    }

    /// What the statements of a key say. Its owner can always put them right, so that nobody is shut out for ever.
    private static func decide(
        _ actions: Set<KeyAction>, by policy: KeyPolicy, of key: KeyRecord, _ rule: String, for principal: Principal
    ) -> Decision {
        if key.owner == principal.subject, actions.isSubset(of: [.putKeyPolicy, .getKeyPolicy, .listKeyPolicies]) {
            return .allowed(rule: "\(rule), and owner of the key")
        }
        return switch policy.decide(actions, for: principal) {
        case .allowed: .allowed(rule: "\(rule), and the key's policy")
        case .silent: .denied(reason: "the key's policy does not allow it to \(principal.subject)")
        case .denied: .denied(reason: "\(denialByPolicy) to \(principal.subject)")
        }
    }

    /// How the reason begins when a statement of the key's policy denies something.
    public static let denialByPolicy = "the key's policy denies it"

    /// Whether the key's policy denies it to somebody, so that no grant gives it either.
    static func isForbidden(_ actions: Set<KeyAction>, on key: KeyRecord, for principal: Principal) -> Bool {
        guard let policy = key.access.policy else { return false }
        return policy.decide(actions, for: principal) == .denied
    }

    /// A service key is seen by its project's people and used by its service's agents; nobody changes it.
    private static func decide(
        _ verb: Verb, onKeyOf service: ServiceName, _ rule: String, for principal: Principal
    ) -> Decision {
        switch (verb, verb.work) {
        case (.describeKey, _), (.listKeys, _), (.listAliases, _), (.readPublicKey, _): return .allowed(rule: rule)
        case (_, .cryptography), (.obtainServiceKey, _):
            guard principal.kind.service == service else {
                return .denied(reason: "the key of service \(service) is used through the service")
            }
            return .allowed(rule: "\(rule), and agent of service \(service)")
        default: return .denied(reason: "the key of service \(service) is changed by the system only")
        }
    }

    private static func decide(
        _ verb: Verb, _ least: Role, in project: ProjectID?, for principal: Principal
    ) -> Decision {
        guard let project else { return .denied(reason: "\(verb.rawValue) takes a project") }
        guard let role = principal.roles[project] else {
            return .denied(reason: "\(principal.subject) has no role in project \(project)")
        }
        guard role >= least else {
            return .denied(
                reason: "\(verb.rawValue) takes the role \(least.rawValue); \(principal.subject) has \(role.rawValue)")
        }
        return .allowed(rule: role.rule)
    }

    /// What the service does by itself when it is due.
    private static func decideForSystem(_ verb: Verb) -> Decision {
        switch verb {
        case .rotateKey, .destroy: .allowed(rule: "due")
        case .rewrapKeys: .allowed(rule: "roots were made")
        case .recoverAdministrator, .resetApprovalPolicy, .acceptOlderStore, .adoptState, .reportCustody:
            .allowed(rule: "has the token's PIN")
        default: .denied(reason: "the service does not \(verb.rawValue) by itself")
        }
    }
}
