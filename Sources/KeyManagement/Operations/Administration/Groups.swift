extension KeyService {
    @discardableResult
    public func createGroup(
        _ id: GroupID, description: KeyDescription = .none, by principal: Principal
    ) async throws(KMSError) -> GroupRecord {
        try await withAudit(.changeGroup, by: principal, details: ["group": id.text]) { (operation) throws(KMSError) in
            let group = GroupRecord(id: id, description: description, at: clock.now)
            try await operation.addToDirectory(group)
            return group
        }
    }

    public func group(_ id: GroupID, by principal: Principal) async throws(KMSError) -> GroupRecord {
        try await withAudit(.readDirectory, by: principal, details: ["group": id.text]) { (_) throws(KMSError) in
            try await knownGroup(id)
        }
    }

    /// Returns the groups, sorted by name.
    public func listGroups(
        after cursor: ListCursor? = nil, limit: PageLimit = .standard, by principal: Principal
    ) async throws(KMSError) -> Page<GroupRecord> {
        try await withAudit(.readDirectory, by: principal, details: ["list": "groups"]) { (_) throws(KMSError) in
            try await listDirectory(GroupRecord.self, ["groups"], after: cursor, limit: limit, for: principal) {
                $0.status != .deleted
            }
        }
    }

    public func updateGroup(
        _ id: GroupID, description: KeyDescription, by principal: Principal
    ) async throws(KMSError) -> GroupRecord {
        try await changeGroup(id, .changeGroup, by: principal) { group in
            group.description = description
            return true
        }
    }

    /// Deletes a group. Its members no longer have its roles, and its name is never used again.
    public func deleteGroup(_ id: GroupID, by principal: Principal) async throws(KMSError) -> GroupRecord {
        try await changeGroup(id, .changeGroup, by: principal) { group in
            group.status = .deleted
            group.roles = .none
            return true
        }
    }

    /// Returns the members of a group, sorted by name. One call reads at most 10,000 subjects: a page may have fewer than
    /// `limit`, even none.
    public func listMembers(
        of id: GroupID, after cursor: ListCursor? = nil, limit: PageLimit = .standard, by principal: Principal
    ) async throws(KMSError) -> Page<SubjectRecord> {
        try await withAudit(.readDirectory, by: principal, details: ["group": id.text]) { (_) throws(KMSError) in
            _ = try await knownGroup(id)
            return try await listDirectory(
                SubjectRecord.self, ["members", id.text], after: cursor, limit: limit, for: principal
            ) { subject in
                subject.status != .deleted && subject.groups.contains(id)
            }
        }
    }

    @discardableResult
    public func addMember(
        _ subject: SubjectID, to id: GroupID, by principal: Principal
    ) async throws(KMSError) -> SubjectRecord {
        try await changeSubject(
            subject, .changeGroup, ["group": id.text, "change": "add"], by: principal,
            requiring: { () throws(KMSError) in _ = try await knownGroup(id) }
        ) { (record) throws(KMSError) in
            guard !record.groups.contains(id) else { return false }
            guard record.groups.count < SubjectRecord.mostGroups else {
                throw .invalidRequest("'\(subject)' is in \(SubjectRecord.mostGroups) groups already")
            }
            record.groups.insert(id)
            return true
        }
    }

    @discardableResult
    public func removeMember(
        _ subject: SubjectID, from id: GroupID, by principal: Principal
    ) async throws(KMSError) -> SubjectRecord {
        try await changeSubject(subject, .changeGroup, ["group": id.text, "change": "remove"], by: principal) {
            record in
            record.groups.remove(id) != nil
        }
    }

    func changeGroup(
        _ id: GroupID, _ verb: Verb, in project: ProjectID? = nil, _ details: [String: String] = [:],
        by principal: Principal, requiring requirement: () async throws(KMSError) -> Void = {},
        _ edit: (inout GroupRecord) throws(KMSError) -> Bool
    ) async throws(KMSError) -> GroupRecord {
        let details = details.merging(["group": id.text]) { $1 }
        return try await withAudit(verb, by: principal, in: project, details: details) { (operation) throws(KMSError) in
            try await requirement()
            return try await operation.changeDirectory(
                GroupRecord.self, id.text, notFound: .groupNotFound(id)
            ) { (group) throws(KMSError) in
                guard group.status != .deleted else { throw .groupNotFound(id) }
                return try edit(&group)
            }
        }
    }

    func knownGroup(_ id: GroupID) async throws(KMSError) -> GroupRecord {
        guard let group = try await records.directoryRecord(GroupRecord.self, id.text), group.status != .deleted
        else { throw .groupNotFound(id) }
        return group
    }
}
