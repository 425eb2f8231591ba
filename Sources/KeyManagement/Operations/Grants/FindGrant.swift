extension KeyService {
    /// Returns a grant that allows an operation which nothing else allows; `nil` if there is none.
    func grant(for operation: OperationContext, on key: KeyRecord) async throws(KMSError) -> Grant? {
        try await grant(
            operation.verb, operation.actions, with: operation.encryptionContext, on: key, to: operation.principal)
    }

    /// Returns a grant that allows a verb to a principal; `nil` if there is none.
    ///
    /// - Parameters:
    ///   - verb: the verb to allow.
    ///   - actions: the actions of the verb that are meant; `nil` for all of them.
    ///   - context: the encryption context of the operation; `nil` if there is none.
    ///   - key: the key that the verb concerns.
    ///   - principal: the principal that wants to act.
    func grant(
        _ verb: Verb, _ actions: Set<KeyAction>? = nil, with context: EncryptionContext? = nil, on key: KeyRecord,
        to principal: Principal
    ) async throws(KMSError) -> Grant? {
        let actions = actions ?? verb.actions
        // The grant itself states which subjects may retire it.
        guard verb.isGrantable, verb != .retireGrant, key.kind == .user,
            actions.isSubset(of: KeyAction.grantable), !AccessPolicy.isForbidden(actions, on: key, for: principal)
        else { return nil }
        return try await grants(of: key.id).first {
            $0.allows(actions, with: context, for: principal, in: key.project)
        }
    }

    func grants(of key: KeyID) async throws(KMSError) -> [Grant] {
        try await records.directoryRecord(KeyGrants.self, key.description)?.grants ?? []
    }
}
