extension KeyService {
    /// Replaces a key's access control by a policy, or removes the policy.
    ///
    /// - Parameters:
    ///   - reference: the key, by id, name or alias.
    ///   - policy: the policy; `nil` for none, so that the role is enough.
    ///   - allowsLockout: true if the caller may remove their own permission to change the policy again.
    ///   - options: the reason, the dry run and the idempotency of the change.
    ///   - caller: the caller, with the project of the request.
    /// - Throws: ``KMSError/stateForbids(_:)`` if the caller would be locked out; ``KMSError/subjectNotFound(_:)``,
    ///   ``KMSError/groupNotFound(_:)``
    package func changePolicy(
        of reference: KeyReference, to policy: KeyPolicy?, allowsLockout: Bool = false,
        options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await withAudit(.changeAccess, changing: reference, "key policy changed", options, by: caller) {
            (key) throws(KMSError) in
            let new: KeyAccess = policy.map { .policy($0) } ?? .byRole
            key.operation.recorder.note { $0.details["access"] = new.summary }
            try await requireKnown(policy?.statements.flatMap(\.parties) ?? [])
            try await requireApproval(toChangeAccessOf: key, to: new)
            return try await key.change(options: options) { (edit) throws(KMSError) in
                if let policy, !allowsLockout, policy.decide([.putKeyPolicy], for: caller.principal) != .allowed {
                    throw .stateForbids("this policy would prevent \(caller.subject) from changing it again")
                }
                try edit.setAccess(new)
                return .store
            }
        }
    }
}
