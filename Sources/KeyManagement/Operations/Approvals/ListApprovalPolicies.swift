extension KeyService {
    /// Returns the approval policies, sorted by operation.
    package func approvalPolicies(by principal: Principal) async throws(KMSError) -> [ApprovalPolicyRecord] {
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
}
