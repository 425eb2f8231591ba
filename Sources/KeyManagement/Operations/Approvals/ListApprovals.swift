extension KeyService {
    /// Returns the approval requests that concern the caller, sorted by id.
    ///
    /// A platform administrator sees all of them; other subjects see their own and those that they may approve. A credential
    /// for one project shows those of the project only.
    package func listApprovals(
        after cursor: ListCursor?, limit: PageLimit, by principal: Principal
    ) async throws(KMSError) -> Page<ApprovalRecord> {
        try await withAudit(.readApprovals, by: principal) { (_) throws(KMSError) in
            let policies = try await storedPolicies()
            return try await listDirectory(
                ApprovalRecord.self, ["approvals"], after: cursor, limit: limit, for: principal
            ) {
                Self.concerns(principal, $0, policies)
            }
        }
    }
}
