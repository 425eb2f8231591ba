extension KeyService {
    /// Returns a key.
    ///
    /// - Parameters:
    ///   - reference: the key, by id, name or alias.
    ///   - action: the purpose of the read. Policy and grants of the key must allow that action.
    ///   - context: the encryption context of that action, for grants that require one.
    ///   - caller: the caller, with the project of the request.
    package func describeKey(
        _ reference: KeyReference, for action: KeyAction = .describeKey, context: EncryptionContext? = nil,
        by caller: Caller
    ) async throws(KMSError) -> KeyRecord {
        try await withAudit(.describeKey, by: caller) { (operation) throws(KMSError) in
            try await operation.narrowed(to: action, context: context).find(reference, with: .none).record
        }
    }
}
