extension KeyService {
    /// Requests for approval that concern somebody: all of them to a platform administrator, to others their own and those that they may
    /// approve. Sorted by id.
    public func listApprovals(
        after cursor: ListCursor?, limit: PageLimit, by principal: Principal
    ) async throws(KMSError) -> Page<ApprovalRecord> {
        try await perform(.readApprovals, by: principal) { (_) throws(KMSError) in
            let policies = try await approvers()
            return try await listDirectory(
                ApprovalRecord.self, ["approvals"], after: cursor, limit: limit, for: principal
            ) {
                Self.concerns(principal, $0, policies)
            }
        }
    }

    public func approval(_ id: ApprovalID, by principal: Principal) async throws(KMSError) -> ApprovalRecord {
        try await perform(.readApprovals, by: principal, ["approval": id.text]) { (_) throws(KMSError) in
            guard let record = try await records.directoryRecord(ApprovalRecord.self, id.text),
                Self.concerns(principal, record, try await approvers())
            else { throw .approvalNotFound(id) }
            return record
        }
    }

    /// Approves what somebody else requested.
    ///
    /// - Throws: ``KMSError/accessDenied(reason:)`` for who requested it and for who may not approve it; ``KMSError/stateForbids(_:)`` when
    ///   it does not wait any more, or the same subject has approved it.
    public func approve(_ id: ApprovalID, by principal: Principal) async throws(KMSError) -> ApprovalRecord {
        try await decide(id, by: principal, "approved") { (record, decision) throws(KMSError) in
            guard decision.subject != record.requester else {
                throw .accessDenied(reason: "\(decision.subject) has requested it, and cannot approve it")
            }
            guard !record.approvals.contains(where: { $0.subject == decision.subject }) else {
                throw .stateForbids("\(decision.subject) has approved it already")
            }
            record.approvals.append(decision)
        }
    }

    /// Rejects what somebody else requested, or takes back what one has requested. It cannot be approved or used any more.
    public func reject(_ id: ApprovalID, by principal: Principal) async throws(KMSError) -> ApprovalRecord {
        try await decide(id, by: principal, "rejected") { (record, decision) throws(KMSError) in
            record.rejection = decision
        }
    }

    private func decide(
        _ id: ApprovalID, by principal: Principal, _ word: String,
        _ edit: (inout ApprovalRecord, ApprovalRecord.Decision) throws(KMSError) -> Void
    ) async throws(KMSError) -> ApprovalRecord {
        try await perform(.decideApproval, by: principal, ["approval": id.text, "decision": word]) {
            (notes) throws(KMSError) in
            guard let current = try await records.directoryRecord(ApprovalRecord.self, id.text) else {
                throw .approvalNotFound(id)
            }
            let policies = try await approvers()
            guard Self.concerns(principal, current, policies) else { throw .approvalNotFound(id) }
            let isOwn = current.requester == principal.subject
            guard isOwn || policies[current.operation]?.contains(principal.subject) == true else {
                throw .accessDenied(reason: "\(principal.subject) is not named among those who approve this")
            }
            let isEntitled = try await mayApprove(principal.subject, current)
            guard isOwn || isEntitled else {
                throw .accessDenied(reason: "\(principal.subject) has not, or no longer, the role to approve this")
            }
            let now = clock.now
            return try await changeDirectory(
                ApprovalRecord.self, id.text, .decideApproval, by: principal, notes, notFound: .approvalNotFound(id)
            ) { (record) throws(KMSError) in
                switch record.status(at: now) {
                case .pending, .approved: break
                case let status: throw .stateForbids("the request is \(status.rawValue)")
                }
                try edit(&record, ApprovalRecord.Decision(subject: principal.subject, at: now))
                return true
            }
        }
    }

    private static func concerns(
        _ principal: Principal, _ record: ApprovalRecord, _ approvers: [GuardedOperation: Set<SubjectID>]
    ) -> Bool {
        principal.isAdministrator || record.requester == principal.subject
            || approvers[record.operation]?.contains(principal.subject) == true
    }

    /// Whom the policies name that are in force.
    private func approvers() async throws(KMSError) -> [GuardedOperation: Set<SubjectID>] {
        var all: [GuardedOperation: Set<SubjectID>] = [:]
        for policy in try await policies() where policy.required > 0 { all[policy.operation] = policy.approvers }
        // Who approves changes of policies approves those of each where nobody else is named for it.
        if all[.changePolicy] == nil { all[.changePolicy] = all.values.reduce(into: []) { $0.formUnion($1) } }
        return all
    }

    private func policies() async throws(KMSError) -> [ApprovalPolicyRecord] {
        let stored = try await records.read { () throws(StoreError) in
            try await store.documents(.approvalPolicy, of: nil, after: nil, limit: 100)
        }
        return try await records.verified(stored)
    }

    // MARK: Policies

    /// What needs approvals, of whom.
    public func approvalPolicies(by principal: Principal) async throws(KMSError) -> [ApprovalPolicyRecord] {
        try await perform(.readApprovals, by: principal) { (_) throws(KMSError) in try await policies() }
    }

    /// Says how many of whom have to approve an operation from now on; 0 for nobody.
    ///
    /// That itself needs the approvals of the policy for policies; where there is none, of the policy that is changed: else one
    /// administrator could take away what several are to guard.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` when it could never be fulfilled.
    public func setApprovalPolicy(
        for operation: GuardedOperation, required: Int, approvers: Set<SubjectID>, hours: Int,
        by principal: Principal
    ) async throws(KMSError) -> ApprovalPolicyRecord {
        let parameters = [
            "operation": operation.rawValue, "required": "\(required)", "hours": "\(hours)",
            "approvers": approvers.sorted().map(\.text).joined(separator: ","),
        ]
        return try await perform(.changeApprovalPolicy, by: principal, parameters) { (notes) throws(KMSError) in
            try await check(required, approvers, hours)
            let current = try await records.directoryRecord(ApprovalPolicyRecord.self, operation.rawValue)
            let guarding = try await guardian(or: current)
            try await requireApproval(of: .changePolicy, parameters, by: principal, notes, policy: guarding)
            guard current != nil else {
                let policy = ApprovalPolicyRecord(
                    operation: operation, required: required, approvers: approvers, hours: hours, at: clock.now)
                try await addToDirectory(policy, .changeApprovalPolicy, by: principal, notes)
                return policy
            }
            return try await changeDirectory(
                ApprovalPolicyRecord.self, operation.rawValue, .changeApprovalPolicy, by: principal, notes,
                notFound: .conflict
            ) { (policy) throws(KMSError) in
                (policy.required, policy.approvers, policy.hours) = (required, approvers, hours)
                return true
            }
        }
    }

    /// The policy for policies, where it is in force; else another.
    private func guardian(or other: ApprovalPolicyRecord?) async throws(KMSError) -> ApprovalPolicyRecord? {
        let guardian = try await records.directoryRecord(
            ApprovalPolicyRecord.self, GuardedOperation.changePolicy.rawValue)
        return guardian.flatMap { $0.required > 0 ? $0 : nil } ?? other
    }

    /// A credential of somebody whose approval something needs: an administrator who gave it to himself could approve in his name.
    func requireApproval(
        ofCredentialFor subject: SubjectID, _ request: CredentialRequest, by principal: Principal, _ notes: ActNotes
    ) async throws(KMSError) {
        let parameters = [
            "project": request.project?.text ?? "any", "days": request.days.map(String.init) ?? "unlimited",
            "networks": request.networks.map(\.description).joined(separator: ","),
        ]
        try await requireApproval(ofCredentialFor: subject, parameters, by: principal, notes)
    }

    /// The same for an access key.
    func requireApproval(
        ofAccessKeyFor subject: SubjectID, in account: AccountNumber, _ request: AccessKeyRequest,
        by principal: Principal, _ notes: ActNotes
    ) async throws(KMSError) {
        let parameters = [
            "accessKey": "new", "account": account.text, "days": request.days.map(String.init) ?? "unlimited",
            "networks": request.networks.map(\.description).joined(separator: ","),
        ]
        try await requireApproval(ofCredentialFor: subject, parameters, by: principal, notes)
    }

    /// - Parameter parameters: what the credential shall be.
    func requireApproval(
        ofCredentialFor subject: SubjectID, _ parameters: [String: String], by principal: Principal, _ notes: ActNotes
    ) async throws(KMSError) {
        let naming = try await policies().filter { $0.required > 0 && $0.approvers.contains(subject) }
        guard let strictest = naming.max(by: { $0.required < $1.required }) else { return }
        var parameters = parameters
        parameters["credential"] = subject.text
        try await requireApproval(
            of: .changePolicy, parameters, by: principal, notes, policy: try await guardian(or: strictest))
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
