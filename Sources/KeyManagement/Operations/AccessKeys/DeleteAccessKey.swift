extension KeyService {
    /// Deletes an access key. Its wrapped secret is erased, and its id is never used again.
    package func deleteAccessKey(_ id: AccessKeyID, by principal: Principal) async throws(KMSError) -> AccessKeyRecord {
        try await withAudit(.revokeCredential, by: principal, details: ["accessKey": id.text]) {
            (operation) throws(KMSError) in
            try await changeAccessKey(id, for: operation) { (key) throws(KMSError) in
                guard key.status != .deleted else { return false }
                key.status = .deleted
                key.wrapped = nil
                return true
            }
        }
    }
}
