extension KeyService {
    package func updateGroup(
        _ id: GroupID, description: KeyDescription, by principal: Principal
    ) async throws(KMSError) -> GroupRecord {
        try await changeGroup(id, .changeGroup, by: principal) { group in
            group.description = description
            return true
        }
    }
}
