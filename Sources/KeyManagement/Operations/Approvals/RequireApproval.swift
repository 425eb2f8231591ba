internal import Logging

extension KeyService {
    /// Asks whether an operation that may need approvals has them, before anything of it is done.
    ///
    /// Without an approval it is requested, and the caller is told under which id. With one, which the caller names, it is looked at as
    /// if it were given now: that it is for exactly this, that it has not expired and was not used, and that as many as the policy asks
    /// for still may approve. Then it counts as used, whatever comes of the operation.
    ///
    /// - Parameter parameters: all that the operation is asked for.
    /// - Throws: ``KMSError/approvalRequired(_:_:)``, ``KMSError/approvalInvalid(_:)``.
    func requireApproval(
        of operation: GuardedOperation, _ parameters: [String: String], in project: ProjectID? = nil,
        by principal: Principal, _ notes: ActNotes, policy given: ApprovalPolicyRecord? = nil
    ) async throws(KMSError) {
        // What is due was approved when it was scheduled.
        guard principal.kind != .system else { return }
        let stored = try await records.directoryRecord(ApprovalPolicyRecord.self, operation.rawValue)
        guard let policy = given ?? stored, policy.required > 0 else { return }
        guard let id = principal.approval else {
            let request = try await request(operation, parameters, in: project, by: principal, policy, notes)
            throw .approvalRequired(
                request.id, "\(policy.required) of \(policy.approvers.sorted().map(\.text).joined(separator: ", "))")
        }
        guard let record = try await records.directoryRecord(ApprovalRecord.self, id.text) else {
            throw .approvalNotFound(id)
        }
        guard record.requester == principal.subject else {
            throw .approvalInvalid("approval \(id) was requested by somebody else")
        }
        guard record.usedAt == nil else { throw .approvalInvalid("approval \(id) was used already") }
        guard record.operation == operation, record.project == project, record.parameters == parameters else {
            throw .approvalInvalid("approval \(id) is for something else than what is asked for")
        }
        try await requireEnough(record, policy)
        notes.note { $0.details["approval"] = id.text }
        _ = try await changeDirectory(
            ApprovalRecord.self, id.text, .useApproval, by: principal, notes, notFound: .approvalNotFound(id)
        ) { (record) throws(KMSError) in
            guard record.usedAt == nil else { throw .approvalInvalid("approval \(id) was used already") }
            record.usedAt = clock.now
            return true
        }
    }

    private func requireEnough(
        _ record: ApprovalRecord, _ policy: ApprovalPolicyRecord
    ) async throws(KMSError) {
        switch record.status(at: clock.now) {
        case .rejected: throw .approvalInvalid("approval \(record.id) was rejected")
        case .expired: throw .approvalInvalid("approval \(record.id) has expired")
        case .pending, .approved, .used: break
        }
        var count = 0
        for approval in record.approvals where approval.subject != record.requester {
            guard policy.approvers.contains(approval.subject) else { continue }
            if try await mayApprove(approval.subject, record) { count += 1 }
        }
        guard count >= policy.required else {
            throw .approvalInvalid(
                "approval \(record.id) has \(count) of \(policy.required) approvals by those who may approve it now")
        }
    }

    /// Whether somebody whom the policy names is at this moment one who could do such a thing: a platform administrator, or of a key's
    /// matters a Manager in its project.
    func mayApprove(_ subject: SubjectID, _ record: ApprovalRecord) async throws(KMSError) -> Bool {
        guard let profile = try await records.profile(of: subject) else { return false }
        if profile.isAdministrator { return true }
        guard let project = record.project, record.operation == .destroy || record.operation == .changeOwner else {
            return false
        }
        return profile.roles[project].map { $0 >= .manager } ?? false
    }

    /// Requests an approval; the same one again when it was requested before and still waits.
    private func request(
        _ operation: GuardedOperation, _ parameters: [String: String], in project: ProjectID?,
        by principal: Principal, _ policy: ApprovalPolicyRecord, _ notes: ActNotes
    ) async throws(KMSError) -> ApprovalRecord {
        let now = clock.now
        let stored = try await records.read { () throws(StoreError) in
            try await store.documents(.approval, of: operation.rawValue, after: nil, limit: 1000)
        }
        let open: [ApprovalRecord] = try await records.verified(stored)
        let same = open.first { record in
            let status = record.status(at: now)
            return record.requester == principal.subject && record.project == project
                && record.parameters == parameters && (status == .pending || status == .approved)
        }
        if let same { return same }
        let record = ApprovalRecord(
            operation: operation, project: project, parameters: parameters, requester: principal.subject,
            policy: policy, at: now)
        try await addToDirectory(record, .requestApproval, by: principal, notes)
        notes.note { $0.details["approval"] = record.id.text }
        return record
    }
}
