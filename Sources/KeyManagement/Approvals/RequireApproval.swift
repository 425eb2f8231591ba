internal import Logging

extension OperationContext {
    /// Requires the approvals of an operation before any part of it is done, and spends the approval that the request names.
    ///
    /// Without an approval, this requests one, and the error contains its id. An approval counts as used, whatever the outcome
    /// of the operation.
    ///
    /// A dry run requests and spends no approval. It checks the one that the request names; without one, it goes on, and
    /// ``isApprovalMissing`` tells whether the operation itself would be refused.
    ///
    /// - Throws: ``KMSError/approvalRequired(_:_:)``, ``KMSError/approvalInvalid(_:)``.
    func requireApproval(
        of request: GuardedRequest
    ) async throws(KMSError) {
        try await spendApproval(of: request)
        if case .operation(let guarded) = request.act {
            recorder.note { $0.judgements.insert(Judgement(operation: guarded, key: request.key)) }
        }
    }

    private func spendApproval(
        of request: GuardedRequest
    ) async throws(KMSError) {
        if isDryRun {
            let isMissing = try await isApprovalMissing(for: request)
            if isMissing { recorder.note { $0.isApprovalMissing = true } }
            return
        }
        for _ in 0..<32 {
            let approval = try await usedApproval(of: request)
            guard let approval else { return }
            if try await announcing(as: .useApproval).save(approval) { return }
        }
        throw .conflict
    }

    /// True if a dry run has met a check that its operation would not pass, because it names no approval.
    var isApprovalMissing: Bool { recorder.current.isApprovalMissing }

    /// Returns true if an operation needs approvals and its request names none.
    ///
    /// - Throws: ``KMSError/approvalInvalid(_:)`` for an approval that does not count.
    private func isApprovalMissing(for request: GuardedRequest) async throws(KMSError) -> Bool {
        guard principal.approval == nil else {
            _ = try await usedApproval(of: request)
            return false
        }
        guard principal.kind != .system else { return false }
        return try await !request.act.guards(among: service.storedPolicies()).isEmpty
    }

    /// Verifies the approval that a request names, as of now, and returns it marked as used.
    ///
    /// The principal must have requested it, for exactly this operation. It must be unexpired and neither rejected nor used.
    /// For each guarding policy, the required number of approvals must come from subjects that may still approve. The calling
    /// function stores it, before the change or together with it.
    ///
    /// - Returns: `nil` if the operation needs no approval.
    /// - Throws: ``KMSError/approvalRequired(_:_:)``, ``KMSError/approvalInvalid(_:)``.
    func usedApproval(
        of request: GuardedRequest
    ) async throws(KMSError) -> ApprovalRecord? {
        let act = request.act
        // Due tasks were approved when they were scheduled.
        guard principal.kind != .system else { return nil }
        let guards = act.guards(among: try await service.storedPolicies())
        guard !guards.isEmpty else { return nil }
        guard let id = principal.approval else {
            let waiting = try await waitingApproval(of: request, guards)
            throw .approvalRequired(waiting.id, Self.demand(guards))
        }
        guard var record = try await records.directoryRecord(ApprovalRecord.self, id.text) else {
            throw .approvalNotFound(id)
        }
        guard record.requester == principal.subject else {
            throw .approvalInvalid("approval \(id) was requested by another caller; only the requester can use it")
        }
        guard record.usedAt == nil else { throw .approvalInvalid("approval \(id) was already used") }
        guard record.operation == act.operation, record.project == project,
            record.parameters == request.parameters
        else {
            throw .approvalInvalid("approval \(id) is for another request; request a new approval")
        }
        switch record.status(at: now) {
        case .used: throw .approvalInvalid("approval \(id) was already used")
        case .rejected: throw .approvalInvalid("approval \(id) was rejected")
        case .expired: throw .approvalInvalid("approval \(id) has expired")
        case .pending, .approved: break
        }
        for policy in guards { try await requireEnough(record, policy) }
        recorder.note { $0.details["approval"] = id.text }
        record.usedAt = now
        record.revision += 1
        record.changedAt = now
        return record
    }

    private func requireEnough(_ record: ApprovalRecord, _ policy: ApprovalPolicyRecord) async throws(KMSError) {
        var count = 0
        for approval in record.approvals where approval.subject != record.requester {
            guard policy.approvers.contains(approval.subject) else { continue }
            if try await counts(approval, for: policy, in: record.project) { count += 1 }
        }
        guard count >= policy.required else {
            throw .approvalInvalid(
                "approval \(record.id) has \(count) of \(policy.required) approvals by those who may approve it now, for policy "
                    + "'\(policy.key)'")
        }
    }

    /// Returns true if an approval counts now: its subject, as presented then, may approve now, and its credential was not
    /// revoked since.
    private func counts(
        _ approval: ApprovalRecord.Decision, for policy: ApprovalPolicyRecord, in project: ProjectID?
    ) async throws(KMSError) -> Bool {
        guard let profile = try await records.profile(of: approval.subject) else { return false }
        let shown = approval.scope.map { profile.restricted(to: $0) } ?? profile
        guard policy.operation.mayBeApproved(by: shown, in: project) else { return false }
        return try await !isRevoked(approval)
    }

    /// Returns true if the credential or access key of an approval was revoked, disabled or deleted since. One that only
    /// expired was valid when it was used.
    private func isRevoked(_ approval: ApprovalRecord.Decision) async throws(KMSError) -> Bool {
        let words = approval.authentication?.split(separator: ":", maxSplits: 1).map(String.init) ?? []
        guard words.count == 2 else { return false }
        switch (words[0], CredentialID(words[1]), AccessKeyID(words[1].utf8)) {
        case ("token", let id?, _): return try await service.credential(id)?.revokedAt != nil
        case ("access-key", _, let id?):
            return try await records.directoryRecord(AccessKeyRecord.self, id.text)?.status != .enabled
        default: return false
        }
    }

    /// Returns the required numbers of approvals and the approvers, for each policy, as text.
    private static func demand(_ guards: [ApprovalPolicyRecord]) -> String {
        guards.map { policy in
            let names = policy.approvers.sorted().map(\.text).joined(separator: ", ")
            return "\(policy.required) of \(names)" + (guards.count > 1 ? " for policy '\(policy.key)'" : "")
        }.joined(separator: ", and of ")
    }

    /// Requests an approval, or returns the earlier request if the same one still waits.
    private func waitingApproval(
        of request: GuardedRequest, _ guards: [ApprovalPolicyRecord]
    ) async throws(KMSError) -> ApprovalRecord {
        let (act, parameters) = (request.act, request.parameters)
        let stored = try await records.read { () throws(StoreError) in
            try await service.reader.documents(.approval, of: act.operation.rawValue, after: nil, limit: 1000)
        }
        let open: [ApprovalRecord] = try await records.verified(stored)
        let same = open.first { record in
            let status = record.status(at: now)
            return record.requester == principal.subject && record.project == project
                && record.parameters == parameters && (status == .pending || status == .approved)
        }
        if let same { return same }
        let record = ApprovalRecord(
            operation: act.operation, project: project, parameters: parameters,
            requester: principal.subject,
            guards: guards, at: now)
        try await announcing(as: .requestApproval).addToDirectory(record)
        recorder.note { $0.details["approval"] = record.id.text }
        return record
    }
}
