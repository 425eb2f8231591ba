extension KeyService {
    /// Checks directory records before they are stored against the rule that administrators and approvers must remain, see
    /// ``Oversight/refusal(of:)``. It adds the ``OversightRecord`` under which they were checked.
    ///
    /// Every directory record that is stored passes through here, so that no verb can forget the rule.
    ///
    /// - Returns: the records to store, all or nothing.
    /// - Throws: ``KMSError/stateForbids(_:)`` if too few would remain.
    func keepingOversight(_ changed: [any DirectoryRecord]) async throws(KMSError) -> [any DirectoryRecord] {
        let isDecided = changed.contains { $0 is OversightRecord }
        let hasPolicy = changed.contains { $0 is ApprovalPolicyRecord }
        guard isDecided || !hasPolicy else {
            throw .internalFailure(
                "an approval policy was to be stored without the oversight that it was decided under")
        }
        var lessens = false
        for record in changed where try await Oversight.lessens(predecessor(of: record), record) { lessens = true }
        guard lessens || hasPolicy else { return changed }
        let record = isDecided ? [] : [try await nextOversight()]
        if let refusal = try await oversight(over: changed).refusal(of: changed) { throw .stateForbids(refusal) }
        return record + changed
    }

    /// Returns the next revision of the oversight, to be stored with the next decision. Later reads of the directory are not
    /// older than it.
    func nextOversight() async throws(KMSError) -> any DirectoryRecord {
        let current = try await records.directoryRecord(OversightRecord.self, OversightRecord.key)
        // Records that were read before are not used after this.
        records.noteChange()
        return OversightRecord(revision: (current?.revision ?? 0) + 1, at: clock.now)
    }

    private func predecessor(of record: any DirectoryRecord) async throws(KMSError) -> (any DirectoryRecord)? {
        guard record.revision > 1 else { return nil }
        switch record {
        case let subject as SubjectRecord: return try await records.directoryRecord(SubjectRecord.self, subject.key)
        case let group as GroupRecord: return try await records.directoryRecord(GroupRecord.self, group.key)
        case let project as ProjectRecord: return try await records.directoryRecord(ProjectRecord.self, project.key)
        default: return nil
        }
    }

    /// Reads everything that the change can affect.
    private func oversight(over changed: [any DirectoryRecord]) async throws(KMSError) -> Oversight {
        var state = Oversight()
        for policy in try await storedPolicies() { state.policies[policy.operation] = policy }
        let policies = Array(state.applying(changed).policies.values) + Array(state.policies.values)
        let approvers = policies.filter(\.isInForce).reduce(into: Set<SubjectID>()) { $0.formUnion($1.approvers) }
        for record in changed {
            guard let subject = record as? SubjectRecord else { continue }
            state.subjects[subject.id] = try await records.directoryRecord(SubjectRecord.self, subject.key)
            if Oversight.takesAdministrator(state.subjects[subject.id], subject),
                let other = try await administrator(otherThan: subject.id)
            {
                state.subjects[other.id] = other
            }
        }
        for approver in approvers where state.subjects[approver] == nil {
            state.subjects[approver] = try await records.directoryRecord(SubjectRecord.self, approver.text)
        }
        let memberships = state.applying(changed).subjects.values.map(\.groups) + state.subjects.values.map(\.groups)
        for group in Set(memberships.joined()) {
            state.groups[group] = try await records.directoryRecord(GroupRecord.self, group.text)
        }
        let after = state.applying(changed)
        let roles =
            state.subjects.values.map(\.roles) + state.groups.values.map(\.roles)
            + after.subjects.values.map(\.roles) + after.groups.values.map(\.roles)
        for project in Set(roles.flatMap { $0.byProject.filter { $0.value >= .manager }.keys }) {
            state.projects[project] = try await records.directoryRecord(ProjectRecord.self, project.text)
        }
        return state
    }

    private func administrator(otherThan id: SubjectID) async throws(KMSError) -> SubjectRecord? {
        var cursor: String?
        while true {
            let stored = try await records.read { () throws(StoreError) in
                try await reader.documents(.subject, of: nil, after: cursor, limit: 1000)
            }
            let page: [SubjectRecord] = try await records.verified(stored)
            let other = page.first { $0.isAdministrator && $0.status == .enabled && $0.id != id }
            if let other { return other }
            guard stored.count == 1000, let last = page.last else { return nil }
            cursor = last.key
        }
    }
}

extension Oversight {
    fileprivate static func takesAdministrator(_ before: SubjectRecord?, _ after: SubjectRecord) -> Bool {
        guard let before, before.isAdministrator, before.status == .enabled else { return false }
        return !after.isAdministrator || after.status != .enabled
    }
}
