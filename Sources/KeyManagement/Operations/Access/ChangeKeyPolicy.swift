extension KeyService {
    /// Puts statements in the place of a key's access control, or takes them away again.
    ///
    /// - Parameters:
    ///   - policy: nil for what is without one: the role is enough.
    ///   - allowsLockout: whether the caller may take from himself what he needs to change it again.
    /// - Throws: ``KMSError/stateForbids(_:)`` when the caller would; ``KMSError/subjectNotFound(_:)``, ``KMSError/groupNotFound(_:)``
    public func changePolicy(
        of reference: KeyReference, to policy: KeyPolicy?, allowsLockout: Bool = false,
        options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await performChange(.changeAccess, of: reference, "key policy changed", options, by: caller) {
            (key) throws(KMSError) in
            let new: KeyAccess = policy.map { .policy($0) } ?? .byRole
            key.act.notes.note { $0.details["access"] = new.summary }
            try await requireKnown(policy?.statements.flatMap(\.parties) ?? [])
            if !options.isDryRun { try await requireApproval(toChangeAccessOf: key, to: new) }
            return try await change(key, options: options) { (edit) throws(KMSError) in
                if let policy, !allowsLockout, policy.decide([.putKeyPolicy], for: caller.principal) != .allowed {
                    throw .stateForbids("this policy would not let \(caller.subject) change it again")
                }
                try edit.setAccess(new)
                return .store
            }
        }
    }
}
