/// An act that approval policies guard.
enum GuardedAct: Hashable, Sendable {
    /// An operation that a policy of its own guards.
    case operation(GuardedOperation)
    /// Setting, changing or removing an approval policy, whichever it is.
    case policyChange
    /// Making a credential or an access key of a subject, or enabling one: its holder acts, and approves, as the subject.
    case credential(SubjectID)

    /// The operation under which an approval of the act is requested.
    var operation: GuardedOperation {
        switch self {
        case .operation(let operation): operation
        case .policyChange, .credential: .changePolicy
        }
    }

    /// The policies whose approvals the act needs, sorted by operation. It needs those of each of them; without any it is free.
    ///
    /// - An operation needs those of its own policy.
    /// - A change of a policy needs those of every policy in force: else one administrator could name an approver of their own in one
    ///   policy, and lower the others with that approver. The first policy of all is free.
    /// - A credential of a subject needs those of the policies that name the subject as an approver, and with them those of the policy
    ///   for policies. A credential of any other subject is free.
    func guards(among policies: [ApprovalPolicyRecord]) -> [ApprovalPolicyRecord] {
        let inForce = policies.filter(\.isInForce).sorted { $0.key < $1.key }
        switch self {
        case .operation(.changePolicy), .policyChange: return inForce
        case .operation(let operation): return inForce.filter { $0.operation == operation }
        case .credential(let subject):
            guard inForce.contains(where: { $0.approvers.contains(subject) }) else { return [] }
            return inForce.filter { $0.operation == .changePolicy || $0.approvers.contains(subject) }
        }
    }
}

extension GuardedAct {
    /// The name of the parameter by which a request for a credential names its subject.
    static let credentialParameter = "credential"

    /// The act for which a request was made.
    init(_ request: ApprovalRecord) {
        let subject = request.parameters[Self.credentialParameter].flatMap { try? SubjectID($0) }
        switch (request.operation, subject) {
        case (.changePolicy, let subject?): self = .credential(subject)
        case (.changePolicy, nil): self = .policyChange
        case (let operation, _): self = .operation(operation)
        }
    }
}

extension GuardedOperation {
    /// Whether the operation is about the keys of one project, so that Managers of the project may approve it.
    var isOfProjects: Bool {
        switch self {
        case .destroy, .changeOwner: true
        case .rotateRoots, .retireRoots, .changePolicy: false
        }
    }

    /// Whether a subject as it is presented may approve for the policy of this operation: as a platform administrator, or for keys as a
    /// Manager.
    ///
    /// A credential that is good for one project presents no administrator, and nothing of other projects; so it approves what is done
    /// in its project, and nothing for the platform.
    ///
    /// - Parameter project: the project of the act; `nil` for an act of the platform, as a change of a policy is. For that a Manager of
    ///   any project counts, where the policy is one for keys: its approvers may all be Managers.
    func mayBeApproved(by profile: Profile, in project: ProjectID?) -> Bool {
        if profile.isAdministrator { return true }
        guard isOfProjects else { return false }
        guard let project else {
            return profile.scope == nil && profile.roles.byProject.values.contains { $0 >= .manager }
        }
        return profile.roles[project].map { $0 >= .manager } ?? false
    }
}
