extension KeyService {
    /// Returns the members of a group, sorted by name. One call reads at most 10,000 subjects: a page may have fewer than
    /// `limit`, even none.
    package func listMembers(
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
    package func addMember(
        _ subject: SubjectID, to id: GroupID, by principal: Principal
    ) async throws(KMSError) -> SubjectRecord {
        try await changeSubject(
            subject, .changeGroup, ["group": id.text, "change": "add"], by: principal,
            requiring: { () throws(KMSError) in _ = try await knownGroup(id) }
        ) { (record) throws(KMSError) in
            guard !record.groups.contains(id) else { return false }
            guard record.groups.count < SubjectRecord.maxGroups else {
                throw .invalidRequest("'\(subject)' is already in \(SubjectRecord.maxGroups) groups, the maximum")
            }
            record.groups.insert(id)
            return true
        }
    }

    @discardableResult
    package func removeMember(
        _ subject: SubjectID, from id: GroupID, by principal: Principal
    ) async throws(KMSError) -> SubjectRecord {
        try await changeSubject(subject, .changeGroup, ["group": id.text, "change": "remove"], by: principal) {
            record in
            record.groups.remove(id) != nil
        }
    }
}
