import Crypto
internal import Logging

/// The due tasks that were done in one round.
package struct DueReport: Sendable, Hashable {
    package var rotated: [KeyID] = []
    package var destroyed: [VersionID] = []
    /// The keys that were deleted with all their versions.
    package var deleted: [KeyID] = []
    /// The keys whose imported material was erased.
    package var expired: [KeyID] = []
    /// The number of tasks that failed and are retried in the next round.
    package var failures = 0
    /// True if more was due than one round does.
    package var hasMore = false

    package var isEmpty: Bool {
        rotated.isEmpty && destroyed.isEmpty && deleted.isEmpty && expired.isEmpty && failures == 0
    }
}

extension KeyService {
    /// Runs the due tasks: rotates keys, destroys versions, deletes keys, erases expired material, and stores the counts of
    /// uses.
    ///
    /// Any number of processes may run them on one store. Each step changes the revision of a key, which only one process can
    /// do; the others find that nothing is left to do.
    ///
    /// - Parameter limit: the maximum number of keys, and of versions, to read.
    package func runDueTasks(limit: Int = 100) async -> DueReport {
        var report = DueReport()
        await storeCounts()
        await attempt("due rotations", &report) { (report) throws(KMSError) in
            try await rotateDue(limit: limit, &report)
        }
        await attempt("due destructions", &report) { (report) throws(KMSError) in
            try await destroyDue(limit: limit, &report)
        }
        await attempt("due deletions", &report) { (report) throws(KMSError) in
            try await deleteDue(limit: limit, &report)
        }
        await attempt("expired material", &report) { (report) throws(KMSError) in
            try await withdrawDue(limit: limit, &report)
        }
        await attempt("versions out of use", &report) { (_) throws(KMSError) in try await dropWhatIsOutOfUse() }
        await attempt("expired records", &report) { (_) throws(KMSError) in try await eraseExpired(limit: limit) }
        return report
    }

    private func rotateDue(limit: Int, _ report: inout DueReport) async throws(KMSError) {
        let now = clock.now
        let due = try await atStore { () throws(StoreError) in
            try await reader.keysDueForRotation(by: now, limit: limit)
        }
        await attemptEach(due, of: limit, \.rotated, &report, { "rotation of key \($0)" }) { (id) throws(KMSError) in
            guard let key = try await records.key(id), RotationPolicy.isDue(key, at: now) else { return false }
            let caller = try Caller.system(in: key.project)
            let outcome = try await withAudit(.rotateKey, by: caller) { (operation) throws(KMSError) in
                try await addVersionIfWanted(to: try await operation.find(.id(id)), because: .schedule) {
                    RotationPolicy.isDue($0, at: now)
                }
            }
            guard case .changed(let changed)? = outcome else { return false }
            logChange("key rotated when due", of: changed.key, by: caller)
            return true
        }
    }

    private func destroyDue(limit: Int, _ report: inout DueReport) async throws(KMSError) {
        let now = clock.now
        let due = try await atStore { () throws(StoreError) in
            try await reader.versionsDueForDestruction(by: now, limit: limit)
        }
        await attemptEach(due, of: limit, \.destroyed, &report, { "destruction of \($0)" }) { (id) throws(KMSError) in
            guard let key = try await records.key(id.key) else { return false }
            let caller = try Caller.system(in: key.project)
            let outcome = try await withAudit(.destroy, by: caller) { (operation) throws(KMSError) in
                let key = try await operation.find(.id(id.key))
                return try await key.change(version: id.number) { (edit) throws(KMSError) in
                    guard let version = edit.subject, case .pendingDestruction(_, let time) = version.life,
                        time <= now
                    else { return .leave }
                    try edit.destroy(version) { Array(SHA256.hash(data: $0)) }
                    return .store
                }
            }
            guard case .changed(let changed)? = outcome else { return false }
            logChange("version destroyed when due", of: changed.key, version: id.number, by: caller)
            return true
        }
    }

    private func deleteDue(limit: Int, _ report: inout DueReport) async throws(KMSError) {
        let now = clock.now
        let due = try await atStore { () throws(StoreError) in
            try await reader.keysDueForDeletion(by: now, limit: limit)
        }
        await attemptEach(due, of: limit, \.deleted, &report, { "deletion of key \($0)" }) { (id) throws(KMSError) in
            guard let key = try await records.key(id), key.isDueForDeletion(at: now) else { return false }
            let outcome = try await withAudit(.destroy, by: try Caller.system(in: key.project)) {
                (operation) throws(KMSError) -> ChangeOutcome? in
                let key = try await operation.find(.id(id))
                // It may have been cancelled since.
                guard key.record.isDueForDeletion(at: now) else { return nil }
                return try await delete(key)
            }
            return outcome != nil
        }
    }

    private func withdrawDue(limit: Int, _ report: inout DueReport) async throws(KMSError) {
        let now = clock.now
        let due = try await atStore { () throws(StoreError) in
            try await reader.keysWithExpiredMaterial(by: now, limit: limit)
        }
        await attemptEach(due, of: limit, \.expired, &report, { "expiry of key \($0)" }) { (id) throws(KMSError) in
            guard let key = try await records.key(id), key.origin == .imported else { return false }
            let outcome = try await withAudit(.destroy, by: try Caller.system(in: key.project)) {
                (operation) throws(KMSError) in
                try await withdraw(from: try await operation.find(.id(id)), isDue: true) { version, key in
                    version.materialExpiresAt(in: key).map { $0 <= now } ?? false
                }
            }
            return outcome != nil
        }
    }

    /// Runs `body` for each due item, and notes the items that it completed. A concurrent process may complete the others.
    private func attemptEach<Item>(
        _ due: [Item], of limit: Int, _ done: WritableKeyPath<DueReport, [Item]>, _ report: inout DueReport,
        _ what: (Item) -> String, _ body: (Item) async throws(KMSError) -> Bool
    ) async {
        for item in due {
            await attempt(what(item), &report) { (report) throws(KMSError) in
                if try await body(item) { report[keyPath: done].append(item) }
            }
        }
        if due.count == limit, !report[keyPath: done].isEmpty { report.hasMore = true }
    }

    private func eraseExpired(limit: Int) async throws(KMSError) {
        let now = clock.now
        let jobs = try await atStore { () throws(StoreError) in
            try await reader.importJobsExpired(by: now, limit: limit)
        }
        for job in jobs where try await isExpired(job, at: now) {
            let edit = StateEdit(.importJob(job), nil)
            let outcome = try await state.commit([edit], sealing: []) { (_, state) throws(StoreError) in
                try await upkeep.deleteImportJob(job, state: state)
            }
            _ = try outcome.orThrow()
        }
        let oldest = now.adding(.zero - rules.answerLifetime)
        let answers = try await atStore { () throws(StoreError) in
            try await reader.answers(before: oldest, limit: 10 * limit)
        }
        // A hundred at a time: each is in a shard of its own.
        for start in stride(from: 0, to: answers.count, by: 100) {
            let some = try await outdated(Array(answers[start..<min(start + 100, answers.count)]), before: oldest)
            guard !some.isEmpty else { continue }
            let edits = some.map { StateEdit(.answer($0), nil) }
            let outcome = try await state.commit(edits, sealing: []) { (_, state) throws(StoreError) in
                try await upkeep.deleteAnswers(some, state: state)
            }
            _ = try outcome.orThrow()
        }
        // One day more than the summary covers, for a request around midnight.
        try await atStore { () throws(StoreError) in
            try await upkeep.deleteUses(before: now.dayNumber - Int64(UsageSummary.days) - 1)
        }
    }

    /// Returns true if an import job has expired by its own record, whatever the column says by which it was found.
    private func isExpired(_ id: ImportJobID, at now: Timestamp) async throws(KMSError) -> Bool {
        let job = try await readable { () throws(KMSError) in
            try await records.read { () throws(StoreError) in try await reader.importJob(id) }
        }
        guard let job, job.unverified.id == id, try await records.areGenuine([records.sealed(job)]) == [true] else {
            return false
        }
        return job.unverified.expiresAt <= now
    }

    /// Returns the answers that are older than `oldest` by their own records. One that is not as it was sealed stays, as evidence.
    private func outdated(
        _ ids: [IdempotentRequestID], before oldest: Timestamp
    ) async throws(KMSError) -> [IdempotentRequestID] {
        var found: [Sealed<IdempotentAnswer>] = []
        for id in ids {
            let answer = try await readable { () throws(KMSError) in
                try await records.read { () throws(StoreError) in try await reader.answer(id) }
            }
            if let answer, answer.unverified.id == id { found.append(answer) }
        }
        let areGenuine = try await records.areGenuine(found.map { records.sealed($0) })
        return zip(found, areGenuine).filter(\.1).map(\.0.unverified).filter { $0.createdAt <= oldest }.map(\.id)
    }

    /// Returns what `read` returns; `nil` for a record that cannot be read for what it is, which the log reports.
    private func readable<Value>(_ read: () async throws(KMSError) -> Value?) async throws(KMSError) -> Value? {
        do throws(KMSError) {
            return try await read()
        } catch .recordTampered {
            return nil
        }
    }

    /// Creates the successor of a version that nears its usage limit.
    ///
    /// If that fails now, encryption continues up to the limit itself, and the scheduler or the next process retries.
    func replaceWorn(_ version: VersionID) async {
        do throws(KMSError) {
            guard let key = try await records.key(version.key) else { return }
            let caller = try Caller.system(in: key.project)
            let outcome = try await withAudit(.rotateKey, by: caller) { (operation) throws(KMSError) in
                let key = try await operation.find(.id(version.key))
                return try await addVersionIfWanted(to: key, because: .usageLimit) {
                    $0.versions.active == version.number
                }
            }
            if case .changed(let changed)? = outcome { logChange("key rotated by use", of: changed.key, by: caller) }
        } catch {
            logger.warning(
                "a key that nears its limit could not be rotated",
                metadata: ["version": "\(version)", "cause": "\(error.logDetail)"])
        }
    }

    private func attempt(
        _ what: String, _ report: inout DueReport, _ body: (inout DueReport) async throws(KMSError) -> Void
    ) async {
        do throws(KMSError) {
            try await body(&report)
        } catch {
            report.failures += 1
            logger.error("\(what) could not be done", metadata: ["cause": "\(error.logDetail)"])
        }
    }
}

extension Caller {
    /// Returns the service itself as a caller, for due tasks.
    static func system(in project: ProjectID) throws(KMSError) -> Caller {
        let profile = Profile(subject: try SubjectID("kms-scheduler"), kind: .system)
        return Caller(Principal(profile: profile), in: project)
    }
}
