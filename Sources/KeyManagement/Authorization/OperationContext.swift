internal import Logging

/// One operation by a caller, from the decision to its entry in the audit log.
///
/// Verbs take this value to everything that they authorise, change or record. Only `withAudit` makes one, which decides on the
/// verb first and writes the entry last. Authentication writes entries of its own, and scheduled deletions of temporary records have none.
final class OperationContext: Sendable {
    let service: KeyService
    /// The verb that was decided on, and that the entry names.
    let verb: Verb
    /// The verb under which changes are announced.
    let announcedVerb: Verb
    let principal: Principal
    /// The project of the operation; `nil` if it concerns none.
    let project: ProjectID?
    /// True for a dry run: nothing is stored, no approval is spent or requested, and the audit log says that it was one.
    let isDryRun: Bool
    let recorder: AuditRecorder
    /// The actions of the verb that are meant; `nil` for all of them.
    let actions: Set<KeyAction>?
    /// The encryption context of the operation, if it concerns one ciphertext. A grant may require one.
    let encryptionContext: EncryptionContext?

    fileprivate init(
        _ service: KeyService, _ verb: Verb, _ principal: Principal, _ project: ProjectID?, isDryRun: Bool,
        _ recorder: AuditRecorder, _ encryptionContext: EncryptionContext? = nil
    ) {
        self.service = service
        self.verb = verb
        announcedVerb = verb
        self.principal = principal
        self.project = project
        self.isDryRun = isDryRun
        self.recorder = recorder
        actions = nil
        self.encryptionContext = encryptionContext
    }

    /// Another part of the same operation.
    private init(
        _ whole: OperationContext, announcedVerb: Verb, actions: Set<KeyAction>?, encryptionContext: EncryptionContext?
    ) {
        service = whole.service
        verb = whole.verb
        self.announcedVerb = announcedVerb
        principal = whole.principal
        project = whole.project
        isDryRun = whole.isDryRun
        recorder = whole.recorder
        self.actions = actions
        self.encryptionContext = encryptionContext
    }

    var records: VerifiedRecords { service.records }
    var logger: Logger { service.logger }
    var now: Timestamp { service.now }

    /// Returns the caller in a project.
    func caller(in project: ProjectID) -> Caller { Caller(principal, in: project, isDryRun: isDryRun) }

    /// Returns the same operation, limited to one action.
    func narrowed(to action: KeyAction, context: EncryptionContext? = nil) -> OperationContext {
        narrowed(to: [action], context: context)
    }

    func narrowed(to actions: Set<KeyAction>, context: EncryptionContext? = nil) -> OperationContext {
        OperationContext(
            self, announcedVerb: announcedVerb, actions: actions, encryptionContext: context ?? encryptionContext)
    }

    /// Returns the same operation, for a change that is announced under a verb of its own.
    func announcing(as verb: Verb) -> OperationContext {
        OperationContext(self, announcedVerb: verb, actions: actions, encryptionContext: encryptionContext)
    }
}

extension KeyService {
    /// Performs an operation for a caller: checks that it is allowed, performs it, and records both in the audit log. No caller
    /// gets an answer before the entry is durable.
    ///
    /// - Parameters:
    ///   - verb: the verb to perform.
    ///   - principal: the principal that asks.
    ///   - project: the project of the operation; `nil` if it concerns none.
    ///   - details: further details of the entry.
    ///   - body: the operation; it runs only if the verb is allowed.
    /// - Throws: what `body` throws, or ``KMSError/auditUnavailable(_:)`` if the entry cannot be written.
    func withAudit<Result>(
        _ verb: Verb, by principal: Principal, in project: ProjectID? = nil, details: [String: String] = [:],
        _ body: (OperationContext) async throws(KMSError) -> Result
    ) async throws(KMSError) -> Result {
        let recorder = AuditRecorder()
        if !details.isEmpty { recorder.note { $0.details = details } }
        return try await withAudit(OperationContext(self, verb, principal, project, isDryRun: false, recorder), body)
    }

    /// Performs an operation with keys of a project, in the same way.
    ///
    /// - Parameters:
    ///   - verb: the verb to perform.
    ///   - caller: the caller, with the project of the request.
    ///   - context: the encryption context whose digest the entry contains; `nil` if there is none, or more than one.
    ///   - isDryRun: true for a dry run, in addition to one that the caller asks for.
    ///   - body: the operation; it runs only if the verb is allowed.
    func withAudit<Result>(
        _ verb: Verb, by caller: Caller, context: EncryptionContext? = nil, isDryRun: Bool = false,
        _ body: (OperationContext) async throws(KMSError) -> Result
    ) async throws(KMSError) -> Result {
        let recorder = AuditRecorder()
        if let context { recorder.note(context) }
        let isDryRun = caller.isDryRun || isDryRun
        if isDryRun { recorder.note { $0.details["dryRun"] = "true" } }
        let operation = OperationContext(
            self, verb, caller.principal, caller.project, isDryRun: isDryRun, recorder, context)
        return try await withAudit(operation, body)
    }

    private func withAudit<Result>(
        _ operation: OperationContext, _ body: (OperationContext) async throws(KMSError) -> Result
    ) async throws(KMSError) -> Result {
        let result: Result
        do throws(KMSError) {
            try admit(operation)
            let value = try await body(operation)
            if let refusal = operation.recorder.current.refusal { throw refusal }
            result = value
        } catch {
            // A caller that was not admitted learns nothing else, whatever failed first.
            let failure = operation.recorder.current.refusal ?? error
            try await record(operation, failure: failure)
            throw failure
        }
        try await record(operation, failure: nil)
        if operation.verb.work == .cryptography { countUses(of: operation) }
        return result
    }

    /// Counts the uses of keys for their subject: one, or those of a batch that succeeded.
    private func countUses(of operation: OperationContext) {
        let (known, subject, verb) = (operation.recorder.current, operation.principal.subject, operation.verb)
        if known.uses.isEmpty, let key = known.key { meters.note(1, of: key, by: subject, verb, at: now) }
        for (version, count) in known.uses where count.succeeded > 0 {
            guard let version else { continue }
            meters.note(UInt64(count.succeeded), of: version.key, by: subject, verb, at: now)
        }
    }

    /// Writes the entry of a completed operation.
    private func record(_ operation: OperationContext, failure: KMSError?) async throws(KMSError) {
        let known = operation.recorder.current
        // A batch in which no item succeeded is not a success, though the request was answered.
        let hasNoSuccess = !known.uses.isEmpty && known.uses.values.allSatisfy { $0.succeeded == 0 }
        let outcome: AuditEntry.Outcome =
            failure == nil && !hasNoSuccess ? .succeeded : known.isDenied ? .denied : .failed
        var details = known.details
        if known.denials > 0, !known.uses.isEmpty { details["denied"] = "\(known.denials)" }
        let code = failure?.code.rawValue ?? (hasNoSuccess ? "NO_ITEM_SUCCEEDED" : "SUCCESS")
        var entry = operation.entry(operation.verb, known, outcome: outcome, code: code)
        entry.details = details
        try await append(entry)
    }

    /// Checks that the caller may use the verb itself, before any key is read.
    private func admit(_ operation: OperationContext) throws(KMSError) {
        let (verb, principal) = (operation.verb, operation.principal)
        let decision = AccessPolicy.decide(verb, in: operation.project, for: principal)
        operation.recorder.note(decision)
        guard case .allowed = decision else {
            let refusal = KMSError.accessDenied(reason: decision.reason)
            // A grant of the key may still allow it.
            guard verb.isGrantable, operation.project != nil, principal.kind != .system else { throw refusal }
            operation.recorder.note { $0.refusal = refusal }
            return
        }
        guard verb.work == .management || verb == .generateRandom else { return }
        try limits.take(1, of: verb == .generateRandom ? .symmetric : .management, for: operation)
    }
}

extension OperationContext {
    /// Checks that the key's own rules or a grant allow the operation, and that the rate limit has room for it.
    ///
    /// - Parameters:
    ///   - key: the key that the operation concerns.
    ///   - count: the number of operations.
    /// - Returns: false if the caller may not learn that the key exists.
    func isAdmitted(to key: KeyRecord, count: Int) async throws(KMSError) -> Bool {
        var decision = AccessPolicy.decide(verb, on: key, for: principal, actions)
        if case .allowed = decision {
        } else if let grant = try await service.grant(for: self, on: key) {
            decision = .allowed(rule: "grant \(grant.id)")
            recorder.note { $0.refusal = nil }
        }
        recorder.note(decision, count: max(1, count))
        switch decision {
        case .allowed: break
        case .denied(let reason): throw .accessDenied(reason: reason)
        case .hidden: return false
        }
        if verb.work == .cryptography {
            try service.limits.take(count, of: WorkClass(key.algorithm), for: self)
        }
        return true
    }
}
