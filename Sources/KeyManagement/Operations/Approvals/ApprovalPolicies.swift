extension KeyService {
    /// Returns the approval policies, sorted by operation.
    public func approvalPolicies(by principal: Principal) async throws(KMSError) -> [ApprovalPolicyRecord] {
        try await withAudit(.readApprovals, by: principal) { (_) throws(KMSError) in try await storedPolicies() }
    }

    func storedPolicies() async throws(KMSError) -> [ApprovalPolicyRecord] {
        var policies: [ApprovalPolicyRecord] = []
        for operation in GuardedOperation.allCases.sorted(by: { $0.rawValue < $1.rawValue }) {
            let policy = try await records.directoryRecord(ApprovalPolicyRecord.self, operation.rawValue)
            if let policy { policies.append(policy) }
        }
        return policies
    }

    /// Sets the number of required approvals for an operation and the subjects who may give them; 0 for none.
    ///
    /// The change itself needs the approvals of every policy in force, see ``GuardedAct/guards(among:)``. The approval is spent
    /// with the change, in one transaction.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` and ``KMSError/stateForbids(_:)`` if the policy could never be fulfilled.
    public func setApprovalPolicy(
        for guarded: GuardedOperation, required: Int, approvers: Set<SubjectID>, hours: Int,
        by principal: Principal
    ) async throws(KMSError) -> ApprovalPolicyRecord {
        let change = GuardedRequest.PolicyChange(
            operation: guarded, required: required, approvers: approvers, hours: hours)
        return try await withAudit(.changeApprovalPolicy, by: principal, details: change.details) {
            (operation) throws(KMSError) in
            try await check(required, approvers, hours)
            return try await changePolicy(guarded, for: operation) {
                (current) throws(KMSError) in
                var change = change
                change.revision = current?.revision
                let approval = try await operation.usedApproval(of: .changePolicy(change))
                var policy =
                    current
                    ?? ApprovalPolicyRecord(
                        operation: guarded, required: required, approvers: approvers, hours: hours, at: clock.now)
                (policy.required, policy.approvers, policy.hours) = (required, approvers, hours)
                return (policy, approval)
            }
        }
    }

    /// Lowers an approval policy, or removes it, without any approval. It is for an operator with the token's PIN and the
    /// store, when too few approvers are left.
    ///
    /// - Parameter required: the new number of approvals, lower than before; 0 removes the policy.
    /// - Throws: ``KMSError/invalidRequest(_:)`` for a policy that is not in force, and for a number that would not lower it.
    public func resetApprovalPolicy(
        for guarded: GuardedOperation, required: Int = 0
    ) async throws(KMSError) -> ApprovalPolicyRecord {
        let principal = Principal(profile: Profile(subject: try SubjectID("kms-recovery"), kind: .system))
        let details = ["operation": guarded.rawValue, "required": "\(required)"]
        return try await withAudit(.resetApprovalPolicy, by: principal, details: details) {
            (operation) throws(KMSError) in
            try await changePolicy(guarded, for: operation) {
                (current) throws(KMSError) in
                guard var policy = current, policy.isInForce else {
                    throw .invalidRequest("no approval policy '\(guarded.rawValue)' is in force")
                }
                guard (0..<policy.required).contains(required) else {
                    throw .invalidRequest(
                        "approval policy '\(guarded.rawValue)' requires \(policy.required) approvals; it can only be lowered, "
                            + "to 0 or up to \(policy.required - 1)")
                }
                let names = policy.approvers.sorted().map(\.text).joined(separator: ", ")
                let before = "\(policy.required) of \(names)"
                operation.recorder.note { $0.details["before"] = before }
                policy.required = required
                if required == 0 { policy.approvers = [] }
                return (policy, nil)
            }
        }
    }

    /// Decides on a change of a policy, and stores it with the approval that it spends and the oversight under which it was
    /// decided.
    ///
    /// If a record that bears on the decision changed meanwhile, the change is decided again.
    ///
    /// - Parameter decide: returns the new policy, except for its revision, and the approval that is spent for it.
    private func changePolicy(
        _ guarded: GuardedOperation, for operation: OperationContext,
        _ decide: (ApprovalPolicyRecord?) async throws(KMSError) -> (ApprovalPolicyRecord, ApprovalRecord?)
    ) async throws(KMSError) -> ApprovalPolicyRecord {
        for _ in 0..<32 {
            let oversight = try await nextOversight()
            let current = try await records.directoryRecord(ApprovalPolicyRecord.self, guarded.rawValue)
            var (policy, approval) = try await decide(current)
            if let current {
                policy.revision = current.revision + 1
                policy.changedAt = clock.now
            }
            var changed: [any DirectoryRecord] = [oversight]
            if let approval { changed.append(approval) }
            if try await operation.save(changed + [policy]) { return policy }
        }
        throw .conflict
    }

    private func check(_ required: Int, _ approvers: Set<SubjectID>, _ hours: Int) async throws(KMSError) {
        guard approvers.count <= ApprovalPolicyRecord.approverLimit else {
            throw .invalidRequest("at most \(ApprovalPolicyRecord.approverLimit) approvers")
        }
        guard (0...approvers.count).contains(required) else {
            throw .invalidRequest("\(required) approvals of \(approvers.count) subjects cannot be had")
        }
        guard (1...ApprovalPolicyRecord.hourLimit).contains(hours) else {
            throw .invalidRequest("a request waits 1 to \(ApprovalPolicyRecord.hourLimit) hours")
        }
        for approver in approvers {
            guard try await records.directoryRecord(SubjectRecord.self, approver.text)?.status == .enabled else {
                throw .subjectNotFound(approver)
            }
        }
    }
}
