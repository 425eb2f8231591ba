extension KeyService {
    /// Decides on a change of a policy, and stores it with the approval that it spends and the oversight under which it was
    /// decided.
    ///
    /// If a record that bears on the decision changed meanwhile, the change is decided again.
    ///
    /// - Parameters:
    ///   - guarded: the operation that the policy guards.
    ///   - operation: the operation that makes the change.
    ///   - decide: returns the new policy, except for its revision, and the approval that is spent for it.
    func changePolicy(
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
}
