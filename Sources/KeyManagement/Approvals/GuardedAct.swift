/// An operation that approval policies guard.
enum GuardedAct: Hashable, Sendable {
    /// An operation with a policy of its own.
    case operation(GuardedOperation)
    /// Setting, changing or removing any approval policy.
    case policyChange
    /// Creating or enabling a credential or an access key of a subject. Its holder can act, and approve, as the subject.
    case credential(SubjectID)

    /// The operation under which an approval of the act is requested.
    var operation: GuardedOperation {
        switch self {
        case .operation(let operation): operation
        case .policyChange, .credential: .changePolicy
        }
    }

    /// Returns the policies whose approvals the act needs, sorted by operation. It needs those of each of them; without any, it
    /// is unguarded.
    ///
    /// - An operation needs the approvals of its own policy.
    /// - A change of a policy needs those of every policy in force. Otherwise one administrator could name an approver of their
    ///   own in one policy, and lower the others with that approver. The first policy of all is unguarded.
    /// - A credential of an approver needs those of the policies that name the subject as an approver, and those of the policy
    ///   for policies. A credential of any other subject is unguarded.
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

    /// Returns the act that a request was made for.
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
    /// True if the operation concerns the keys of one project, so that Managers of the project may approve it.
    var isOfProjects: Bool {
        switch self {
        case .destroy, .changeOwner: true
        case .rotateRoots, .retireRoots, .changePolicy: false
        }
    }

    /// Returns true if a subject as presented may approve for the policy of this operation: as a platform administrator, or,
    /// for keys, as a Manager.
    ///
    /// A credential for one project presents neither an administrator nor roles in other projects. So it can approve operations
    /// in its project, but none on the platform.
    ///
    /// - Parameters:
    ///   - profile: the subject with its current roles.
    ///   - project: the project of the act; `nil` for an act on the platform, such as a change of a policy. If that policy is one
    ///     for keys, a Manager of any project may approve it, because its approvers may all be Managers.
    func mayBeApproved(by profile: Profile, in project: ProjectID?) -> Bool {
        if profile.isAdministrator { return true }
        guard isOfProjects else { return false }
        guard let project else {
            return profile.scope == nil && profile.roles.byProject.values.contains { $0 >= .manager }
        }
        return profile.roles[project].map { $0 >= .manager } ?? false
    }
}
