extension KeyService {
    /// Enables or disables an access key.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` if it was deleted.
    package func setAccessKeyStatus(
        _ id: AccessKeyID, enabled: Bool, by principal: Principal
    ) async throws(KMSError) -> AccessKeyRecord {
        let verb = enabled ? Verb.issueCredential : .revokeCredential
        return try await withAudit(verb, by: principal, details: ["accessKey": id.text]) {
            (operation) throws(KMSError) in
            if enabled { try await operation.requireApproval(toEnable: id) }
            let status = enabled ? DirectoryStatus.enabled : .disabled
            return try await changeAccessKey(id, for: operation) { (key) throws(KMSError) in
                guard key.status != .deleted else { throw .stateForbids("access key \(id) was deleted") }
                guard key.status != status else { return false }
                key.status = status
                return true
            }
        }
    }
}

extension OperationContext {
    func requireApproval(toEnable id: AccessKeyID) async throws(KMSError) {
        guard let key = try await records.directoryRecord(AccessKeyRecord.self, id.text) else {
            throw .accessKeyNotFound(id)
        }
        guard key.status == .disabled else { return }
        try await requireApproval(of: .enableAccessKey(id, of: key.subject))
    }
}
