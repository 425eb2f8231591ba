extension KeyService {
    @discardableResult
    package func createGroup(
        _ id: GroupID, description: KeyDescription = .none, by principal: Principal
    ) async throws(KMSError) -> GroupRecord {
        try await withAudit(.changeGroup, by: principal, details: ["group": id.text]) { (operation) throws(KMSError) in
            let group = GroupRecord(id: id, description: description, at: clock.now)
            try await operation.addToDirectory(group)
            return group
        }
    }
}
