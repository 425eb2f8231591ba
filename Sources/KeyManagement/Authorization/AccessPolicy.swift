/// A role of a subject in a project.
package enum Role: String, Sendable, CaseIterable, Comparable {
    /// Listing and describing keys; no cryptography.
    case viewer
    /// Viewer, and the cryptographic operations.
    case user
    /// User, and the management of keys.
    case manager

    package static func < (lhs: Role, rhs: Role) -> Bool { lhs.rank < rhs.rank }

    /// The name of the rule in the audit log.
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

/// The access rules. No other code decides what a principal may do.
package enum AccessPolicy {
    package enum Decision: Hashable, Sendable {
        /// The operation is allowed.
        ///
        /// - Parameter rule: the rule that allows it.
        case allowed(rule: String)
        case denied(reason: String)
        /// Denied, and the caller is not told that the key exists.
        case hidden(reason: String)

        /// The rule that decides, and why.
        package var reason: String {
            switch self {
            case .allowed(let rule): rule
            case .denied(let reason), .hidden(let reason): reason
            }
        }
    }

    /// The condition that a caller must meet to use a verb.
    package enum Requirement: Hashable, Sendable {
        /// This role in the project, or a higher one.
        case role(Role)
        /// This role in the project, or a higher one, and being the agent of a service.
        case serviceAgent(Role)
        /// Being a platform administrator.
        case administrator
        /// This role in the project, or a higher one, or being a platform administrator.
        case roleOrAdministrator(Role)
        /// Being authenticated.
        case anybody
    }

    /// Returns the decision on a verb that does not concern one key.
    ///
    /// - Parameters:
    ///   - verb: the verb to decide on.
    ///   - project: the project of the request; `nil` if the verb concerns no project.
    ///   - principal: the principal that asks.
    package static func decide(_ verb: Verb, in project: ProjectID?, for principal: Principal) -> Decision {
        if principal.kind == .system { return decideForSystem(verb) }
        switch verb.requirement {
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
                return .denied(reason: "\(verb.rawValue) requires the platform administrator role")
            }
            return .allowed(rule: "platform administrator")
        case .anybody: return .allowed(rule: "authenticated")
        }
    }

    /// Returns the decision on a verb with this key: first by the role, then by the kind of key, then by its access control.
    ///
    /// - Parameters:
    ///   - verb: the verb to decide on.
    ///   - key: the key that the verb concerns.
    ///   - principal: the principal that asks.
    ///   - actions: the actions of the verb that are meant; `nil` for all of them.
    package static func decide(
        _ verb: Verb, on key: KeyRecord, for principal: Principal, _ actions: Set<KeyAction>? = nil
    ) -> Decision {
        let byRole = decide(verb, in: key.project, for: principal)
        guard case .allowed(let rule) = byRole, principal.kind != .system else { return byRole }
        if verb.requirement == .administrator { return byRole }
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

    /// Returns the decision of a key's policy statements. The owner can always correct the policy, so that a mistake does not
    /// lock everyone out.
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

    /// The beginning of the reason when a statement of the key's policy denies an action.
    package static let denialByPolicy = "the key's policy denies it"

    /// Returns true if the key's policy denies the actions to the principal, so that no grant can allow them either.
    static func isForbidden(_ actions: Set<KeyAction>, on key: KeyRecord, for principal: Principal) -> Bool {
        guard let policy = key.access.policy else { return false }
        return policy.decide(actions, for: principal) == .denied
    }

    /// Returns the decision for a service key. Members of its project see it, agents of its service use it, and only the system
    /// changes it.
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
                reason:
                    "\(verb.rawValue) requires the role \(least.rawValue); \(principal.subject) has \(role.rawValue)")
        }
        return .allowed(rule: role.rule)
    }

    /// Returns the decision for the service itself, which performs due tasks and operations authorised by the token's PIN.
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
