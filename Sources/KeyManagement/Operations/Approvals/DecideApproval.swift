extension KeyService {
    /// Approves a request of another subject.
    ///
    /// - Throws: ``KMSError/accessDenied(reason:)`` for the requester, and for a subject that may not approve it as presented;
    ///   ``KMSError/stateForbids(_:)`` if it no longer waits, or the same subject has approved it.
    package func approve(_ id: ApprovalID, by principal: Principal) async throws(KMSError) -> ApprovalRecord {
        try await decide(id, by: principal, "approved") { (record, decision) throws(KMSError) in
            guard decision.subject != record.requester else {
                throw .accessDenied(reason: "\(decision.subject) has requested it, and cannot approve it")
            }
            guard !record.approvals.contains(where: { $0.subject == decision.subject }) else {
                throw .stateForbids("\(decision.subject) has already approved it")
            }
            record.approvals.append(decision)
        }
    }

    /// Rejects another subject's request, or withdraws the caller's own. It can no longer be approved or used.
    package func reject(_ id: ApprovalID, by principal: Principal) async throws(KMSError) -> ApprovalRecord {
        try await decide(id, by: principal, "rejected") { (record, decision) throws(KMSError) in
            record.rejection = decision
        }
    }

    private func decide(
        _ id: ApprovalID, by principal: Principal, _ word: String,
        _ edit: (inout ApprovalRecord, ApprovalRecord.Decision) throws(KMSError) -> Void
    ) async throws(KMSError) -> ApprovalRecord {
        try await withAudit(.decideApproval, by: principal, details: ["approval": id.text, "decision": word]) {
            (operation) throws(KMSError) in
            let policies = try await storedPolicies()
            guard let current = try await records.directoryRecord(ApprovalRecord.self, id.text),
                Self.concerns(principal, current, policies)
            else { throw .approvalNotFound(id) }
            if current.requester != principal.subject { try await requireApprover(principal, of: current, policies) }
            let now = clock.now
            let decision = ApprovalRecord.Decision(
                subject: principal.subject, at: now, authentication: principal.authentication, scope: principal.scope)
            return try await operation.changeDirectory(
                ApprovalRecord.self, id.text, notFound: .approvalNotFound(id)
            ) { (record) throws(KMSError) in
                switch record.status(at: now) {
                case .pending, .approved: break
                case let status: throw .stateForbids("the request is \(status.rawValue)")
                }
                try edit(&record, decision)
                return true
            }
        }
    }

    /// Requires that the caller may approve a request, both as presented and as recorded in the directory.
    ///
    /// When the approval is spent, only the directory can be consulted again.
    private func requireApprover(
        _ principal: Principal, of record: ApprovalRecord, _ policies: [ApprovalPolicyRecord]
    ) async throws(KMSError) {
        let naming = GuardedAct(record).guards(among: policies).filter { $0.approvers.contains(principal.subject) }
        guard !naming.isEmpty else {
            throw .accessDenied(reason: "\(principal.subject) is not named among those who approve this")
        }
        guard naming.contains(where: { $0.operation.mayBeApproved(by: principal.profile, in: record.project) }) else {
            guard let scope = principal.scope else {
                throw .accessDenied(reason: "\(principal.subject) does not have the role to approve this")
            }
            throw .accessDenied(
                reason: "this credential is for project \(scope) only, and gives no role to approve this")
        }
        let profile = try await records.profile(of: principal.subject)
        guard let profile, naming.contains(where: { $0.operation.mayBeApproved(by: profile, in: record.project) })
        else {
            throw .accessDenied(reason: "\(principal.subject) does not have the role to approve this")
        }
    }

    static func concerns(
        _ principal: Principal, _ record: ApprovalRecord, _ policies: [ApprovalPolicyRecord]
    ) -> Bool {
        if let scope = principal.scope, record.project != scope { return false }
        return principal.isAdministrator || record.requester == principal.subject
            || GuardedAct(record).guards(among: policies).contains { $0.approvers.contains(principal.subject) }
    }
}
