extension KeyService {
    /// Lowers an approval policy, or removes it, without any approval. It is for an operator with the token's PIN and the
    /// store, when too few approvers are left.
    ///
    /// - Parameters:
    ///   - guarded: the operation that the policy guards.
    ///   - required: the new number of approvals, lower than before; 0 removes the policy.
    /// - Throws: ``KMSError/invalidRequest(_:)`` for a policy that is not in force, and for a number that would not lower it.
    package func resetApprovalPolicy(
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
}
