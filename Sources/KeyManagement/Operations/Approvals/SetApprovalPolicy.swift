extension KeyService {
    /// Sets the number of required approvals for an operation and the subjects who may give them; 0 for none.
    ///
    /// The change itself needs the approvals of every policy in force, see ``GuardedAct/guards(among:)``. The approval is spent
    /// with the change, in one transaction.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` and ``KMSError/stateForbids(_:)`` if the policy could never be fulfilled.
    package func setApprovalPolicy(
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

    private func check(_ required: Int, _ approvers: Set<SubjectID>, _ hours: Int) async throws(KMSError) {
        guard approvers.count <= ApprovalPolicyRecord.approverLimit else {
            throw .invalidRequest("at most \(ApprovalPolicyRecord.approverLimit) approvers")
        }
        guard (0...approvers.count).contains(required) else {
            throw .invalidRequest(
                "\(required) approvals require at least \(required) approvers, not \(approvers.count)")
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
