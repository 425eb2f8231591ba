/// A key on which a caller may perform one operation.
///
/// Authorisation makes one from a reference, once in each operation. Functions that use or change a key take this value, never
/// a reference. The record that was authorised is therefore the one that is used, even if its names refer to another key by
/// then. Only this file can make one.
struct AuthorizedKey: Sendable {
    /// The operation that it was authorised for.
    let operation: OperationContext
    /// The key at the revision that was authorised.
    let record: KeyRecord
    /// The version that was read with it, at the same revision; `nil` if the key has no such version.
    let version: VersionRecord?
    /// The choice by which that version was read.
    let choice: VersionChoice

    var id: KeyID { record.id }

    /// The caller, in the key's project.
    var caller: Caller { operation.caller(in: record.project) }

    fileprivate init(
        _ operation: OperationContext, _ record: KeyRecord, _ version: VersionRecord?, _ choice: VersionChoice
    ) {
        self.operation = operation
        self.record = record
        self.version = version
        self.choice = choice
    }
}

extension OperationContext {
    /// Resolves the reference of a request, and authorises the operation on the key behind it.
    ///
    /// Call it once for each reference, before anything else. A key of another project, or one whose access control excludes
    /// the caller, is answered like a missing key, after the same number of queries to the store.
    ///
    /// - Parameters:
    ///   - reference: the key, by id, name or alias.
    ///   - choice: the version to read with the key. Changes need the active one.
    ///   - count: the number of operations.
    /// - Throws: ``KMSError/keyNotFound(_:)``, ``KMSError/accessDenied(reason:)``, ``KMSError/rateLimited(retryAfter:)``.
    func find(
        _ reference: KeyReference, with choice: VersionChoice = .active, count: Int = 1
    ) async throws(KMSError) -> AuthorizedKey {
        guard let project = project, let id = try await records.resolve(reference, in: project),
            let found = try await records.key(id, with: choice)
        else {
            recorder.note { $0.details["named"] = reference.description }
            try charge(count)
            throw .keyNotFound(reference)
        }
        recorder.note(key: found.key.id)
        guard try await isOpen(found.key, count: count) else {
            try charge(count)
            try await records.decoyLookup(reference, in: project)
            throw .keyNotFound(reference)
        }
        return AuthorizedKey(self, found.key, found.version, choice)
    }

    /// Authorises the operation on the key that a ciphertext names in its header.
    ///
    /// - Returns: `nil` if the caller may not learn that the key exists.
    func find(_ id: VersionID, count: Int = 1) async throws(KMSError) -> AuthorizedKey? {
        let choice = VersionChoice.number(id.number)
        guard let found = try await records.key(id.key, with: choice) else {
            try charge(count)
            return nil
        }
        recorder.note(id)
        guard try await isOpen(found.key, count: count) else {
            try charge(count)
            try await records.decoyLookup(.id(id.key), in: found.key.project)
            return nil
        }
        return AuthorizedKey(self, found.key, found.version, choice)
    }

    /// Authorises an operation that a rule other than roles and access control may allow.
    ///
    /// - Parameters:
    ///   - id: the id of the key.
    ///   - rule: returns the name of the rule that allows the operation on this key; `nil` if none does.
    func find(
        _ id: KeyID, allowedBy rule: (KeyRecord) async throws(KMSError) -> String?
    ) async throws(KMSError) -> AuthorizedKey {
        guard let record = try await records.key(id), record.project == project else {
            throw .keyNotFound(.id(id))
        }
        guard let name = try await rule(record) else {
            return try await find(.id(id), with: .none)
        }
        recorder.note(key: id)
        recorder.note(.allowed(rule: name))
        recorder.note { $0.refusal = nil }
        return AuthorizedKey(self, record, nil, .none)
    }

    /// Authorises the key that must have made a ciphertext; returns `nil` if any key of the project may have made it.
    ///
    /// The decryption itself is counted for the key that the ciphertext names.
    func findExpected(_ reference: KeyReference?) async throws(KMSError) -> AuthorizedKey? {
        guard let reference else { return nil }
        return try await find(reference, with: .none, count: 0)
    }

    /// Returns the key behind a reference, for an administrator's question about the access of others. It authorises nothing.
    func lookUp(_ reference: KeyReference, in project: ProjectID) async throws(KMSError) -> KeyRecord {
        guard let id = try await records.resolve(reference, in: project), let found = try await records.key(id),
            found.project == project
        else { throw .keyNotFound(reference) }
        return found
    }

    /// Charges an attempt that finds no key to the caller's rate limit, as if it had succeeded.
    private func charge(_ count: Int) throws(KMSError) {
        guard verb.work == .cryptography, count > 0 else { return }
        try service.limits.take(count, of: .symmetric, for: self)
    }

    private func isOpen(_ key: KeyRecord, count: Int) async throws(KMSError) -> Bool {
        guard key.project == project else {
            recorder.note(.hidden(reason: "the key is in project \(key.project)"), count: max(1, count))
            return false
        }
        return try await isAdmitted(to: key, count: count)
    }
}

extension AuthorizedKey {
    /// Reads the key again by its id, and authorises the operation on its present record.
    ///
    /// - Parameter operation: the operation, if it is another part of the same verb by now.
    /// - Throws: ``KMSError/keyNotFound(_:)`` also if the key was deleted meanwhile.
    func again(for operation: OperationContext? = nil) async throws(KMSError) -> AuthorizedKey {
        try await (operation ?? self.operation).find(.id(id), with: choice)
    }
}

extension KeyService {
    /// Performs a verb that changes one key: authorises it on the key behind a reference, and lets `body` change that key.
    ///
    /// A repeated request gets its first answer, without a new authorisation.
    ///
    /// - Parameters:
    ///   - verb: the verb to perform.
    ///   - reference: the key, by id, name or alias.
    ///   - actions: the part of the verb that is meant; `nil` for all of it.
    ///   - event: the line of the log after the change; `nil` if `body` writes it.
    ///   - options: the reason, the dry run and the idempotency of the change.
    ///   - caller: the caller, with the project of the request.
    ///   - body: returns `nil` if it lost every race against concurrent changes.
    func withAudit(
        _ verb: Verb, changing reference: KeyReference, as actions: Set<KeyAction>? = nil, _ event: String?,
        _ options: ChangeOptions, by caller: Caller,
        _ body: (AuthorizedKey) async throws(KMSError) -> ChangeOutcome?
    ) async throws(KMSError) -> ChangeOutcome {
        try await withAudit(verb, by: caller, isDryRun: options.isDryRun) { (operation) throws(KMSError) in
            if let answer = try await firstAnswer(to: options.idempotency, of: caller) { return .repeated(answer) }
            let key = try await (actions.map { operation.narrowed(to: $0) } ?? operation).find(reference)
            guard let outcome = try await body(key) else { throw .conflict }
            if let event, case .changed(let changed) = outcome {
                logChange(event, of: changed.key, version: changed.version?.id.number, by: caller)
            }
            return outcome
        }
    }
}

extension VersionChoice {
    /// Chooses the version that a caller names, or the active one.
    init(_ number: VersionNumber?) {
        self = number.map { .number($0) } ?? .active
    }
}
