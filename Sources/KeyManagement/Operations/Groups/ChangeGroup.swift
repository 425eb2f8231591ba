extension KeyService {
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
