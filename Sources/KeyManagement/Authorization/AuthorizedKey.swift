/// A key that a caller may do one thing with.
///
/// Authorisation makes one from a reference, once in each operation. Functions that use or change a key take this value, never a
/// reference, so the record that was authorised is the one that is used, whatever its names refer to by then. Only this file can make
/// one.
struct AuthorizedKey: Sendable {
    /// The operation that it was authorised for.
    let act: Act
    /// The key at the revision that was authorised.
    let record: KeyRecord
    /// The version that was read with it, of the same revision; `nil` if the key has no such version.
    let version: VersionRecord?
    /// Which version that is.
    let choice: VersionChoice

    var id: KeyID { record.id }

    fileprivate init(_ act: Act, _ record: KeyRecord, _ version: VersionRecord?, _ choice: VersionChoice) {
        self.act = act
        self.record = record
        self.version = version
        self.choice = choice
    }
}

extension KeyService {
    /// Resolves the reference of a request, and authorises the operation on the key behind it.
    ///
    /// Call it once for each reference, before anything else is done. A key of another project, and one whose access control does not
    /// list the caller, are answered as one that does not exist, and after as many questions to the store.
    ///
    /// - Parameters:
    ///   - choice: the version to read with the key. Changes need the active one.
    ///   - count: how many operations it is.
    /// - Throws: ``KMSError/keyNotFound(_:)``, ``KMSError/accessDenied(reason:)``, ``KMSError/rateLimited(retryAfter:)``.
    func authorize(
        _ reference: KeyReference, with choice: VersionChoice = .active, count: Int = 1, for act: Act
    ) async throws(KMSError) -> AuthorizedKey {
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
        return AuthorizedKey(act, found.key, found.version, choice)
    }

    /// Authorises the operation on the key that a ciphertext names in its header.
    ///
    /// - Returns: `nil` if the caller may not learn that the key exists.
    func authorize(_ id: VersionID, count: Int = 1, for act: Act) async throws(KMSError) -> AuthorizedKey? {
        let choice = VersionChoice.number(id.number)
        guard let found = try await records.key(id.key, with: choice) else {
            try charge(count, for: act)
            return nil
        }
        act.notes.note(id)
        guard try await isOpen(found.key, count: count, to: act) else {
            try charge(count, for: act)
            try await records.lookUpInVain(.id(id.key), in: act.project)
            return nil
        }
        return AuthorizedKey(act, found.key, found.version, choice)
    }

    /// Authorises an operation that a rule beside roles and access control may allow.
    ///
    /// - Parameter rule: returns the name of the rule that allows the operation on this key; `nil` if none does.
    func authorize(
        _ id: KeyID, for act: Act, allowedBy rule: (KeyRecord) async throws(KMSError) -> String?
    ) async throws(KMSError) -> AuthorizedKey {
        guard let record = try await records.key(id), record.project == act.project else {
            throw .keyNotFound(.id(id))
        }
        guard let name = try await rule(record) else { return try await authorize(.id(id), with: .none, for: act) }
        act.notes.note(key: id)
        act.notes.note(.allowed(rule: name))
        act.notes.note { $0.refusal = nil }
        return AuthorizedKey(act, record, nil, .none)
    }

    /// The key that must have made a ciphertext; `nil` if any key of the project may. The decryption itself is counted by what the
    /// ciphertext names.
    func authorizeExpected(_ reference: KeyReference?, for act: Act) async throws(KMSError) -> AuthorizedKey? {
        guard let reference else { return nil }
        return try await authorize(reference, with: .none, count: 0, for: act)
    }

    /// Reads a key again by its id, and authorises the operation on it as it is now.
    ///
    /// - Parameter act: the operation, if it is another part of the same verb by now.
    /// - Throws: ``KMSError/keyNotFound(_:)`` also if the key was deleted meanwhile.
    func authorizeAgain(_ key: AuthorizedKey, for act: Act? = nil) async throws(KMSError) -> AuthorizedKey {
        try await authorize(.id(key.id), with: key.choice, for: act ?? key.act)
    }

    /// The key behind a reference, for an administrator who asks what others may do with it. It authorises nothing.
    func lookUp(_ reference: KeyReference, in project: ProjectID) async throws(KMSError) -> KeyRecord {
        guard let id = try await records.resolve(reference, in: project), let found = try await records.key(id),
            found.project == project
        else { throw .keyNotFound(reference) }
        return found
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

extension KeyService {
    /// Performs a verb that changes one key: authorises it on the key behind a reference, and lets `body` change that key. A request
    /// that came before gets the answer that it had, without being authorised again.
    ///
    /// - Parameters:
    ///   - actions: the part of the verb that it is; `nil` for all of it.
    ///   - event: the line of the log after the change; `nil` if `body` writes it.
    ///   - body: returns `nil` if others were always faster.
    func performChange(
        _ verb: Verb, of reference: KeyReference, as actions: Set<KeyAction>? = nil, _ event: String?,
        _ options: ChangeOptions, by caller: Caller,
        _ body: (AuthorizedKey) async throws(KMSError) -> ChangeOutcome?
    ) async throws(KMSError) -> ChangeOutcome {
        try await perform(verb, by: caller) { (act) throws(KMSError) in
            if let answer = try await firstAnswer(to: options.repeatable, of: caller) { return .repeated(answer) }
            let key = try await authorize(reference, for: actions.map { act.narrowed(to: $0) } ?? act)
            guard let outcome = try await body(key) else { throw .conflict }
            if let event, case .changed(let changed) = outcome {
                logChange(event, of: changed.key, version: changed.version?.id.number, by: caller)
            }
            return outcome
        }
    }
}

extension VersionChoice {
    /// The version that a caller names, or the active one.
    init(_ number: VersionNumber?) {
        self = number.map { .number($0) } ?? .active
    }
}

extension VerifiedRecords {
    /// Asks the store what it would be asked for a key that does not exist, so that the time of the answer does not tell the
    /// difference.
    fileprivate func lookUpInVain(_ reference: KeyReference, in project: ProjectID) async throws(KMSError) {
        switch reference {
        case .id(let id): _ = try await read { () throws(StoreError) in try await store.key(id, with: .none) }
        case .name(let name):
            _ = try await read { () throws(StoreError) in try await store.keyID(named: name, in: project) }
            _ = try await read { () throws(StoreError) in try await store.alias(name, in: project) }
        }
    }
}
