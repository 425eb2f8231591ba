import AuditFiles
import FoundationEssentials
import KeyManagement
import Logging

/// Compares the store with the newest state that the audit logs of this machine have recorded.
struct StoreWitness: Sendable {
    let service: KeyService
    let audit: AuditTrail
    /// The folder of the other chain of this machine. The service writes to one chain, local commands to the other.
    let otherDirectory: String
    /// True if the operator accepts the store as it is.
    let accepts: Bool
    let logger: Logger

    /// Checks that the store is current, and has the checkpoints of the audit chain record its state from now on.
    ///
    /// - Returns: the number of shards of the state digest that were accepted at the operator's request.
    /// - Throws: ``Failure`` if a shard is older than, or differs from, what an audit log has seen.
    @discardableResult
    func check() async throws -> Int {
        guard try await service.hasState() else {
            throw Failure(
                .store,
                "the store has no state digest: a version before 2 made it, or somebody removed it. To take the store over, stop the "
                    + "service, make a backup and run 'kms store adopt'")
        }
        let (own, witnessed, unreadable) = try await witness()
        let setBack = try await service.checkState(against: witnessed)
        if audit.signsCheckpoints, audit.latestCheckpoint == nil, unreadable == nil,
            service.stateVector.isAhead(of: witnessed)
        {
            logger.warning(
                "the audit chain has no checkpoint and does not know the store's changes: it is new, or was removed or replaced",
                metadata: ["directory": "\(audit.directory)"])
        }
        // Accepting replaces what this chain knows, by its next checkpoint. In the other chain it would be found again at each start.
        if let far = setBack.first(where: { $0.isBeyondReach && (!accepts || own.isBehind($0)) }) {
            throw forged(far, isInOther: own.isBehind(far))
        }
        if !setBack.isEmpty || unreadable != nil {
            let findings = setBack.map(\.finding)
            let records = try await setBackRecords(findings)
            guard accepts else {
                throw Failure(
                    .store,
                    Self.describe(records, findings)
                        + ". If a backup was restored, start once with --accept-older-store; otherwise somebody replaced records, or "
                        + "the store, by an older copy")
            }
            // Without a witness, the expected state is unknown. The counters are then raised beyond all that can have been recorded.
            try await service.acceptOlderState(setBack, unwitnessed: unreadable)
            try await service.acceptOlderStore(records)
        }
        let service = service
        audit.witnessState { service.stateVector }
        // Without a new checkpoint, the next start would find the same again.
        if !setBack.isEmpty || unreadable != nil { _ = try await audit.checkpoint() }
        return unreadable == nil ? setBack.count : ShardIndex.count
    }

    /// The failure for a counter that the store cannot have reached.
    private func forged(_ shard: SetBackShard, isInOther: Bool) -> Failure {
        let line = audit.place(of: shard.seen, inShard: shard.index).map { "'\($0.file)' line \($0.line)" }
        let place = isInOther ? "'\(otherDirectory)'" : line ?? "'\(audit.directory)'"
        let remedy = isInOther ? "move the folder '\(otherDirectory)' away" : "start once with --accept-older-store"
        return Failure(
            .store,
            "\(place): \(shard.finding), which cannot be: somebody wrote to the audit log. Run 'kms audit verify', compare the store with a "
                + "backup, and \(remedy)")
    }

    /// Compares all records with the state digest now and every day, unused ones too, and counts them every ten minutes, until the task is
    /// cancelled.
    ///
    /// A finding is logged as critical, and every use of the record is refused.
    ///
    /// - Throws: ``Failure`` if a record is older than the audit log has seen it. The store was then set back before it was opened, and
    ///   must not be served.
    func watch() async throws {
        // The first requests after the start take precedence.
        try? await Task.sleep(for: .seconds(2))
        while !Task.isCancelled {
            try await tell { () throws(KMSError) in try await service.watchState() }
            for _ in 0..<144 where !Task.isCancelled {
                try? await Task.sleep(for: .seconds(600))
                try await tell { () throws(KMSError) in try await service.missing() }
            }
        }
    }

    private func tell(_ look: () async throws(KMSError) -> [String]) async throws {
        let findings: [String]
        do throws(KMSError) {
            findings = try await look()
        } catch .recordTampered(let name) {
            findings = ["\(name) is not what was sealed"]
        } catch {
            logger.warning("the store could not be watched", metadata: ["cause": "\(error.logDetail)"])
            return
        }
        guard !findings.isEmpty else { return }
        let records = try await setBackRecords(findings)
        let text = "RECORD_TAMPERED: " + Self.describe(records, findings)
        guard records.isEmpty else { throw Failure(.store, text) }
        logger.critical("\(text)")
    }

    /// Returns the records changed last that are older than the audit log has seen them. Their names say more than shard numbers.
    ///
    /// - Parameter findings: what is known already, for the failure if the log cannot be read.
    private func setBackRecords(_ findings: [String]) async throws -> [SetBackRecord] {
        let witnessed: [WitnessedRecord]
        do throws(AuditError) {
            witnessed = try await audit.witnessedRecords(limit: 10_000)
        } catch {
            let reason =
                switch error {
                case .busy(let reason), .unavailable(let reason): reason
                }
            throw Failure(.store, "\(Self.describe([], findings)); the names of its records cannot be told: \(reason)")
        }
        return try await service.checkWitness(witnessed)
    }

    private static func describe(_ records: [SetBackRecord], _ findings: [String]) -> String {
        let all = records.map { "\($0.kind) \($0.id): \($0.finding)" } + findings
        return "the store was set back or changed: it is not as the audit log and the state digest have seen it ("
            + all.prefix(5).joined(separator: "; ") + ")"
    }

    /// Returns the state that the other chain has recorded. Its writer may replace the file of its last checkpoint at this moment, so an
    /// error counts only the second time.
    private func otherWitness() async throws(AuditOpenError) -> StateVector? {
        do throws(AuditOpenError) {
            return try await audit.stateWitness(of: otherDirectory)
        } catch {
            try? await Task.sleep(for: .milliseconds(100))
            return try await audit.stateWitness(of: otherDirectory)
        }
    }

    /// Returns the newest state that the audit logs of this machine have recorded, and the reason why it cannot be read if the operator
    /// accepts that.
    private func witness() async throws -> (own: StateVector, merged: StateVector, unreadable: String?) {
        do {
            let own = try await audit.stateWitness()
            guard FileManager.default.fileExists(atPath: otherDirectory), let other = try await readableOtherWitness()
            else { return (own, own, nil) }
            return (own, own.merged(with: other), nil)
        } catch let error as AuditOpenError {
            guard accepts else { throw Failure(error) }
            return (.empty, .empty, "\(error)")
        }
    }

    /// Returns the state that the other chain has recorded.
    ///
    /// - Throws: ``Failure`` for a broken chain, whatever the operator accepts: the acceptance would not last, because this process does
    ///   not write to that chain.
    private func readableOtherWitness() async throws -> StateVector? {
        do throws(AuditOpenError) {
            return try await otherWitness()
        } catch {
            guard case .broken = error else { throw error }
            throw Failure(
                .store,
                "\(error). It is not the chain that this process writes to: move the folder '\(otherDirectory)' away, and compare the store "
                    + "with a backup, because the folder may have known a newer state")
        }
    }
}

extension StateVector {
    /// True if the vector has not seen the shard at the counter at which another witness has.
    fileprivate func isBehind(_ shard: SetBackShard) -> Bool { rows[shard.index.number].counter < shard.seen }
}
