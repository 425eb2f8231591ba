extension KeyService {
    /// Deletes a group. Its members no longer have its roles, and its name is never used again.
    package func deleteGroup(_ id: GroupID, by principal: Principal) async throws(KMSError) -> GroupRecord {
        try await changeGroup(id, .changeGroup, by: principal) { group in
            group.status = .deleted
            group.roles = .none
            return true
        }
    }
}
