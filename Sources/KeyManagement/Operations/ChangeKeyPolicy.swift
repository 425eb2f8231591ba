extension KeyService {
    /// Puts statements in the place of a key's access control, or takes them away again.
    ///
    /// - Parameters:
    ///   - policy: nil for what is without one: the role is enough.
    ///   - allowsLockout: whether the caller may take from himself what he needs to change it again.
    /// - Throws: ``KMSError/stateForbids(_:)`` when he would.
    public func changePolicy(
        of reference: KeyReference, to policy: KeyPolicy?, allowsLockout: Bool = false,
        options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await perform(.changeAccess, by: caller) { (act) throws(KMSError) in
            let new: KeyAccess = policy.map { .policy($0) } ?? .byRole
            act.notes.note { $0.details["access"] = new.summary }
            if !options.isDryRun { try await requireApproval(toChangeAccessOf: reference, to: new, for: act) }
            let outcome = try await change(
                reference, for: act, options: options, whilePendingDeletion: true
            ) { (edit) throws(KMSError) in
                guard edit.key.kind == .user else {
                    throw .accessDenied(reason: "a service key belongs to its service")
                }
                if let policy, !allowsLockout, policy.decide([.putKeyPolicy], for: caller.principal) != .allowed {
                    throw .stateForbids("this policy would not let \(caller.subject) change it again")
                }
                edit.set(\.access, to: new)
                return .store
            }
            guard let outcome else { throw .conflict }
            if case .changed(let changed) = outcome { logChange("key policy changed", of: changed.key, by: caller) }
            return outcome
        }
    }

    /// Whether there is somebody of that name. Where others vouch for subjects and groups, the directory need not know them.
    public func knows(_ party: AccessStatement.Party) async throws(KMSError) -> Bool {
        switch party {
        case .everyone: return true
        case .subject(let subject):
            guard let record = try await records.directoryRecord(SubjectRecord.self, subject.text) else {
                return identities != nil
            }
            return record.status != .deleted
        case .group(let group):
            guard let record = try await records.directoryRecord(GroupRecord.self, group.text) else {
                return identities != nil
            }
            return record.status != .deleted
        }
    }

}
