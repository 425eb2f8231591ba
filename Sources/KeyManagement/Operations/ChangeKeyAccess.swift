/// Access control as somebody wants it for a key.
public enum KeyAccessChange: Sendable, Hashable {
    /// The role is enough again; the list is emptied.
    case off
    case on(AccessList)
}

extension KeyService {
    /// Turns a key's access control on, with a new list, or off.
    ///
    /// - Returns: what came of it; the key tells whether its changer can still use it (``isLockedOut(of:_:)``).
    /// - Throws: ``KMSError/subjectNotFound(_:)``, ``KMSError/groupNotFound(_:)`` for somebody who is not in the directory.
    public func changeAccess(
        to reference: KeyReference, _ access: KeyAccessChange, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await perform(.changeAccess, by: caller) { (act) throws(KMSError) in
            // First, so that nobody learns who there is by listing them for a key that is not open to the caller.
            let reference = KeyReference.id(try await key(reference, for: act).id)
            let new: KeyAccess
            switch access {
            case .off: new = .byRole
            case .on(let list):
                try await requireKnown(list)
                new = .restricted(list)
            }
            act.notes.note { $0.details["access"] = new.summary }
            let outcome = try await change(
                reference, for: act, options: options, whilePendingDeletion: true
            ) { (edit) throws(KMSError) in
                edit.set(\.access, to: new)
                return .store
            }
            guard let outcome else { throw .conflict }
            if case .changed(let changed) = outcome { logChange("key access changed", of: changed.key, by: caller) }
            return outcome
        }
    }

    /// Gives a key to another owner. For platform administrators, who thereby still cannot use it.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` when the new owner has no role in the key's project.
    public func changeOwner(
        of reference: KeyReference, to owner: SubjectID, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await perform(.changeOwner, by: caller) { (act) throws(KMSError) in
            guard let profile = try await records.profile(of: owner) else { throw .subjectNotFound(owner) }
            guard profile.roles[caller.project] != nil else {
                throw .stateForbids("\(owner) has no role in project \(caller.project), so cannot own a key of it")
            }
            if let answer = try await firstAnswer(to: options.repeatable, of: caller) { return .repeated(answer) }
            if !options.isDryRun {
                let key = try await key(reference, for: act)
                try await requireApproval(
                    of: .changeOwner, ["key": key.id.description, "owner": owner.text], in: caller.project,
                    by: caller.principal, act.notes)
            }
            let outcome = try await change(
                reference, for: act, options: options, whilePendingDeletion: true
            ) { (edit) throws(KMSError) in
                guard edit.key.kind == .user else {
                    throw .accessDenied(reason: "a service key belongs to its service")
                }
                act.notes.note { $0.details["owner"] = "\(edit.key.owner?.text ?? "nobody") to \(owner)" }
                edit.set(\.owner, to: owner)
                return .store
            }
            guard let outcome else { throw .conflict }
            if case .changed(let changed) = outcome { logChange("key owner changed", of: changed.key, by: caller) }
            return outcome
        }
    }

    /// Whether somebody who may change a key's access can no longer use the key himself.
    public static func isLockedOut(of key: KeyRecord, _ caller: Caller) -> Bool {
        if case .hidden = AccessPolicy.decide(.describeKey, on: key, for: caller.principal) { true } else { false }
    }

    private func requireKnown(_ list: AccessList) async throws(KMSError) {
        for subject in list.subjects {
            // Of an issuer's subjects the directory need not know.
            guard try await records.directoryRecord(SubjectRecord.self, subject.text)?.status != .deleted else {
                throw .subjectNotFound(subject)
            }
        }
        for group in list.groups {
            let record = try await records.directoryRecord(GroupRecord.self, group.text)
            guard record?.status == .enabled else { throw .groupNotFound(group) }
        }
    }
}

extension KeyAccess {
    /// For the audit log.
    var summary: String {
        switch self {
        case .byRole: "off"
        case .policy(let policy): "by a policy of \(policy.statements.count) statements"
        case .restricted(let list):
            "on: "
                + (list.subjects.sorted().map(\.text) + list.groups.sorted().map { "group \($0)" }).joined(
                    separator: ", ")
        }
    }
}
