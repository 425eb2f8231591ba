extension KeyService {
    /// The key that a caller names, if it is in the caller's project and the caller may do this with it.
    ///
    /// A key of another project, and one whose access control does not list the caller, are answered as one that does not
    /// exist, and after as many questions to the store.
    ///
    /// - Parameter count: how many operations it is.
    /// - Throws: ``KMSError/keyNotFound(_:)``, ``KMSError/accessDenied(reason:)``, ``KMSError/rateLimited(retryAfter:)``.
    func find(
        _ reference: KeyReference, with choice: VersionChoice, count: Int = 1, for act: Act
    ) async throws(KMSError) -> (key: KeyRecord, version: VersionRecord?) {
        guard let id = try await records.resolve(reference, in: act.project),
            let found = try await records.key(id, with: choice)
        else {
            act.notes.note { $0.details["named"] = reference.description }
            try charge(count, for: act)
            throw .keyNotFound(reference)
        }
        act.notes.note(key: found.key.id)
        guard try await isOpen(found.key, count: count, to: act) else {
            try charge(count, for: act)
            try await records.lookUpInVain(reference, in: act.project)
            throw .keyNotFound(reference)
        }
        return found
    }

    /// The same, of what a ciphertext names in its header. Nil when the caller is not to know more.
    func find(
        _ id: VersionID, count: Int = 1, for act: Act
    ) async throws(KMSError) -> (key: KeyRecord, version: VersionRecord?)? {
        guard let found = try await records.key(id.key, with: .number(id.number)) else {
            try charge(count, for: act)
            return nil
        }
        act.notes.note(id)
        guard try await isOpen(found.key, count: count, to: act) else {
            try charge(count, for: act)
            try await records.lookUpInVain(.id(id.key), in: act.project)
            return nil
        }
        return found
    }

    func key(_ reference: KeyReference, for act: Act) async throws(KMSError) -> KeyRecord {
        try await find(reference, with: .none, for: act).key
    }

    /// What comes to nothing costs its caller as much as if it had.
    private func charge(_ count: Int, for act: Act) throws(KMSError) {
        guard act.verb.work == .cryptography, count > 0 else { return }
        try limits.take(count, of: .symmetric, for: act.caller.principal, in: act.project, act.notes)
    }

    private func isOpen(_ key: KeyRecord, count: Int, to act: Act) async throws(KMSError) -> Bool {
        guard key.project == act.project else {
            act.notes.note(.hidden(reason: "the key is in project \(key.project)"), count: max(1, count))
            return false
        }
        return try await admits(act, on: key, count: count)
    }
}

extension VerifiedRecords {
    /// Asks the store what it would be asked for a key that does not exist, so that the time of the answer does not tell the
    /// difference.
    func lookUpInVain(_ reference: KeyReference, in project: ProjectID) async throws(KMSError) {
        switch reference {
        case .id(let id): _ = try await read { () throws(StoreError) in try await store.key(id, with: .none) }
        case .name(let name):
            _ = try await read { () throws(StoreError) in try await store.keyID(named: name, in: project) }
            _ = try await read { () throws(StoreError) in try await store.alias(name, in: project) }
        }
    }
}
