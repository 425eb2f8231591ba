internal import Logging

extension KeyService {
    /// Performs an operation for a caller: checks that it is allowed, performs it, and records both in the audit log. No caller
    /// gets an answer before the entry is durable.
    ///
    /// - Parameter context: the encryption context whose digest the entry contains; `nil` if there is none, or more than one.
    /// - Throws: what `body` throws, or ``KMSError/auditUnavailable(_:)`` if the entry cannot be written.
    func perform<Result>(
        _ verb: Verb, by caller: Caller, context: EncryptionContext? = nil,
        _ body: (Act) async throws(KMSError) -> Result
    ) async throws(KMSError) -> Result {
        let notes = ActNotes()
        if let context { notes.note(context) }
        if caller.isRehearsal { notes.note { $0.details["dryRun"] = "true" } }
        let act = Act(verb: verb, caller: caller, notes: notes, context: context)
        return try await audited(verb, by: caller.principal, in: caller.project, notes) { () throws(KMSError) in
            try await body(act)
        }
    }

    /// Performs an operation that does not use keys, in the same way.
    ///
    /// - Parameters:
    ///   - project: the project of the operation; `nil` if it concerns none.
    ///   - details: further details of the entry.
    func perform<Result>(
        _ verb: Verb, by principal: Principal, in project: ProjectID? = nil, _ details: [String: String] = [:],
        _ body: (ActNotes) async throws(KMSError) -> Result
    ) async throws(KMSError) -> Result {
        let notes = ActNotes()
        notes.note { $0.details = details }
        return try await audited(verb, by: principal, in: project, notes) { () throws(KMSError) in
            try await body(notes)
        }
    }

    private func audited<Result>(
        _ verb: Verb, by principal: Principal, in project: ProjectID?, _ notes: ActNotes,
        _ body: () async throws(KMSError) -> Result
    ) async throws(KMSError) -> Result {
        let result: Result
        do throws(KMSError) {
            try admit(verb, by: principal, in: project, notes)
            let value = try await body()
            if let refusal = notes.current.refusal { throw refusal }
            result = value
        } catch {
            // A caller that was not admitted learns nothing else, whatever failed first.
            let failure = notes.current.refusal ?? error
            try await record(verb, by: principal, in: project, notes, failure: failure)
            throw failure
        }
        try await record(verb, by: principal, in: project, notes, failure: nil)
        return result
    }

    /// Checks that the caller may use the verb itself, before any key is read.
    private func admit(
        _ verb: Verb, by principal: Principal, in project: ProjectID?, _ notes: ActNotes
    ) throws(KMSError) {
        let decision = AccessPolicy.decide(verb, in: project, for: principal)
        notes.note(decision)
        guard case .allowed = decision else {
            let refusal = KMSError.accessDenied(reason: decision.reason)
            // A grant of the key may still allow it.
            guard verb.isGrantable, project != nil, principal.kind != .system else { throw refusal }
            notes.note { $0.refusal = refusal }
            return
        }
        guard verb.work == .management || verb == .generateRandom else { return }
        try limits.take(
            1, of: verb == .generateRandom ? .symmetric : .management, for: principal, in: project, notes)
    }

    /// Checks that the key's own rules or a grant allow the operation, and that the rate limit has room for it.
    ///
    /// - Parameter count: the number of operations.
    /// - Returns: false if the caller may not learn that the key exists.
    func admits(_ act: Act, on key: KeyRecord, count: Int) async throws(KMSError) -> Bool {
        var decision = AccessPolicy.decide(act.verb, on: key, for: act.caller.principal, act.actions)
        if case .allowed = decision {
        } else if let grant = try await grant(for: act, on: key) {
            decision = .allowed(rule: "grant \(grant.id)")
            act.notes.note { $0.refusal = nil }
        }
        act.notes.note(decision, count: max(1, count))
        switch decision {
        case .allowed: break
        case .denied(let reason): throw .accessDenied(reason: reason)
        case .hidden: return false
        }
        if act.verb.work == .cryptography {
            try limits.take(
                count, of: WorkClass(key.algorithm), for: act.caller.principal, in: act.project, act.notes)
        }
        return true
    }

    /// Writes the records that are about to be stored into the audit log, so that no change happens without a trace, even after
    /// a crash.
    ///
    /// - Parameter changes: all records of the transaction.
    func announce(_ changes: [AuditEntry.ChangedRecord], by act: Act) async throws(KMSError) {
        try await announce(changes, act.verb, by: act.caller.principal, in: act.project, act.notes)
    }

    func announce(
        _ changes: [AuditEntry.ChangedRecord], _ verb: Verb, by principal: Principal, in project: ProjectID?,
        _ notes: ActNotes
    ) async throws(KMSError) {
        notes.note { $0.announced = changes }
        var entry = entry(verb, by: principal, in: project, notes.current, outcome: .intended, code: "INTENDED")
        entry.changes = changes
        entry.state = notes.current.announcedSteps
        try await append(entry)
    }

    private func record(
        _ verb: Verb, by principal: Principal, in project: ProjectID?, _ notes: ActNotes, failure: KMSError?
    ) async throws(KMSError) {
        let known = notes.current
        // A batch in which no item succeeded is not a success, though the request was answered.
        let isVain = !known.uses.isEmpty && known.uses.values.allSatisfy { $0.succeeded == 0 }
        let outcome: AuditEntry.Outcome =
            failure == nil && !isVain ? .succeeded : known.isDenied ? .denied : .failed
        var details = known.details
        if known.denials > 0, !known.uses.isEmpty { details["denied"] = "\(known.denials)" }
        let code = failure?.code.rawValue ?? (isVain ? "NO_ITEM_SUCCEEDED" : "SUCCESS")
        var entry = entry(verb, by: principal, in: project, known, outcome: outcome, code: code)
        entry.details = details
        try await append(entry)
    }

    private func entry(
        _ verb: Verb, by principal: Principal, in project: ProjectID?, _ known: ActNotes.Known,
        outcome: AuditEntry.Outcome, code: String
    ) -> AuditEntry {
        var entry = AuditEntry(
            time: clock.now, requestID: principal.requestID, subject: principal.subject, verb: verb.rawValue,
            outcome: outcome, code: code, reason: known.reason)
        entry.authentication = principal.kind == .system ? "system" : principal.authentication
        entry.source = principal.source
        entry.project = project
        entry.key = known.key
        entry.version = known.version
        entry.contextDigest = known.contextDigest
        entry.changes = known.changes
        entry.state = known.steps
        entry.details = known.details
        // Batches only.
        if !known.uses.isEmpty { entry.uses = uses(known) }
        return entry
    }

    private func uses(_ known: ActNotes.Known) -> [AuditEntry.Use] {
        known.uses.map { version, count in
            AuditEntry.Use(
                key: version?.key, version: version?.number, succeeded: count.succeeded, failed: count.failed)
        }.sorted {
            ($0.key?.description ?? "", $0.version?.value ?? 0) < ($1.key?.description ?? "", $1.version?.value ?? 0)
        }
    }

    func append(_ entry: AuditEntry) async throws(KMSError) {
        do throws(AuditError) {
            try await audit.append(entry)
        } catch {
            logger.error(
                "an audit entry cannot be written",
                metadata: ["request": "\(entry.requestID)", "verb": "\(entry.verb)", "cause": "\(error)"])
            throw KMSError(error)
        }
    }
}
