extension KeyService {
    func changeAccessKey(
        _ id: AccessKeyID, for operation: OperationContext,
        _ edit: (inout AccessKeyRecord) throws(KMSError) -> Bool
    ) async throws(KMSError) -> AccessKeyRecord {
        let changed = try await operation.changeDirectory(
            AccessKeyRecord.self, id.text, notFound: .accessKeyNotFound(id)
        ) { (key) throws(KMSError) in
            let subject = key.subject
            operation.recorder.note { $0.details["target"] = subject.text }
            return try edit(&key)
        }
        signingKeys.forget(id)
        if changed.status != .enabled { await tokenInformation.forget(changed.keptAs) }
        return changed
    }
}
