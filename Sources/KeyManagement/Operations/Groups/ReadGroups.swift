extension KeyService {
    package func group(_ id: GroupID, by principal: Principal) async throws(KMSError) -> GroupRecord {
        try await withAudit(.readDirectory, by: principal, details: ["group": id.text]) { (_) throws(KMSError) in
            try await knownGroup(id)
        }
    }

    /// Returns the groups, sorted by name.
    package func listGroups(
        after cursor: ListCursor? = nil, limit: PageLimit = .standard, by principal: Principal
    ) async throws(KMSError) -> Page<GroupRecord> {
        try await withAudit(.readDirectory, by: principal, details: ["list": "groups"]) { (_) throws(KMSError) in
            try await listDirectory(GroupRecord.self, ["groups"], after: cursor, limit: limit, for: principal) {
                $0.status != .deleted
            }
        }
    }
}
