internal import Crypto
import Encodings

/// The requested access control of a key.
package enum KeyAccessChange: Sendable, Hashable {
    /// Turned off: the role is enough, and the list is emptied.
    case off
    case on(AccessList)
}

extension KeyService {
    /// Turns a key's access control on, with a new list, or off.
    ///
    /// - Returns: the outcome. From its key, the caller can tell whether they can still use it (``isLockedOut(of:_:)``).
    /// - Throws: ``KMSError/subjectNotFound(_:)``, ``KMSError/groupNotFound(_:)`` for a subject or group that is not in the
    ///   directory.
    package func changeAccess(
        to reference: KeyReference, _ access: KeyAccessChange, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await withAudit(.changeAccess, changing: reference, "key access changed", options, by: caller) {
            (key) throws(KMSError) in
            let new: KeyAccess
            switch access {
            case .off: new = .byRole
            case .on(let list):
                try await requireKnown(list)
                new = .restricted(list)
            }
            key.operation.recorder.note { $0.details["access"] = new.summary }
            try await requireApproval(toChangeAccessOf: key, to: new)
            return try await key.change(options: options) { (edit) throws(KMSError) in
                try edit.setAccess(new)
                return .store
            }
        }
    }

    /// Requires approval of a change of access that gives control of the key to another subject: the same as for a change of
    /// owner.
    func requireApproval(toChangeAccessOf key: AuthorizedKey, to new: KeyAccess) async throws(KMSError) {
        guard key.record.access.givesControl(to: new, owner: key.record.owner) else { return }
        try await key.operation.requireApproval(of: .changeAccess(of: key.id, to: new))
    }

    /// Returns true if the access control of a key hides it from the caller, for example after their own change.
    package static func isLockedOut(of key: KeyRecord, _ caller: Caller) -> Bool {
        if case .hidden = AccessPolicy.decide(.describeKey, on: key, for: caller.principal) { true } else { false }
    }

    private func requireKnown(_ list: AccessList) async throws(KMSError) {
        for subject in list.subjects {
            let record = try await records.directoryRecord(SubjectRecord.self, subject.text)
            // Otherwise a later subject of that name would receive the access. An external issuer's are known by the setting only.
            guard record.map({ $0.status != .deleted }) ?? rules.allowsUnlistedPrincipals else {
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
    /// The SHA-256 of the whole access control, in hexadecimal digits.
    var digest: String {
        var encoding = CanonicalEncoding(domain: "hsm-kms/key-access/1")
        switch self {
        case .byRole: break
        case .restricted(let list):
            for subject in list.subjects.sorted() { encoding.append(1, subject.text) }
            for group in list.groups.sorted() { encoding.append(2, group.text) }
        case .policy(let policy):
            for statement in policy.statements { encoding.append(3, statement.text) }
            encoding.append(4, policy.document)
        }
        return Hexadecimal.text(Array(SHA256.hash(data: encoding.bytes)))
    }

    /// The access control as text, for the audit log.
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
