internal import Logging

// The entries of operations in the audit log.

extension OperationContext {
    /// Writes the records that are about to be stored into the audit log, so that no change happens without a trace, even after
    /// a crash.
    ///
    /// - Parameter changes: all records of the transaction.
    func announce(
        _ changes: [AuditEntry.ChangedRecord]
    ) async throws(KMSError) {
        recorder.note { $0.announced = changes }
        let known = recorder.current
        var entry = entry(
            announcedVerb, known, outcome: .intended, code: "INTENDED")
        entry.changes = changes
        entry.state = known.announcedSteps
        try await service.append(entry)
    }

    func entry(
        _ verb: Verb, _ known: AuditRecorder.Known, outcome: AuditEntry.Outcome,
        code: String
    ) -> AuditEntry {
        var entry = AuditEntry(
            time: now, requestID: principal.requestID, subject: principal.subject, verb: verb.rawValue,
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

    private func uses(_ known: AuditRecorder.Known) -> [AuditEntry.Use] {
        known.uses.map { version, count in
            AuditEntry.Use(
                key: version?.key, version: version?.number, succeeded: count.succeeded, failed: count.failed)
        }.sorted {
            ($0.key?.description ?? "", $0.version?.value ?? 0) < ($1.key?.description ?? "", $1.version?.value ?? 0)
        }
    }
}

extension KeyService {
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
