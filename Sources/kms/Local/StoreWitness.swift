import AuditFiles
import FoundationEssentials
import KeyManagement
import Logging

/// Holds the store against what the audit logs of this machine say of how new it is.
struct StoreWitness: Sendable {
    let service: KeyService
    let audit: AuditTrail
    /// The folder of the other chain of this machine: the service has one, and the commands that may run beside it.
    let otherDirectory: String
    /// Whether an operator takes the store as it is.
    let accepts: Bool

    /// Begins from the store as it is, and has the checkpoints of the audit chain say how new it is from now on.
    ///
    /// - Returns: how many shards of the state digest an operator's word has taken as they are.
    /// - Throws: ``Failure`` when a shard is older than an audit log has seen it, or another.
    @discardableResult
    func check() async throws -> Int {
        guard try await service.hasState() else {
            throw Failure(
                .store,
                "the store has no state digest: a version before 2 made it, or somebody removed it. To take the store over, stop the "
                    + "service, make a backup and run 'kms store adopt'")
        }
        let (witnessed, unreadable) = try await witness()
        let setBack = try await service.checkState(against: witnessed)
        // Without a witness nobody knows how new the store should be: accepting it takes it beyond all that can have been.
        if let unreadable { try await service.acceptOlderState(setBack, unwitnessed: unreadable) }
        if !setBack.isEmpty {
            let records = try await setBackRecords()
            guard accepts else {
                throw Failure(
                    .store,
                    Self.describe(records, setBack.map(\.finding))
                        + ". If a backup was restored, start once with --accept-older-store; otherwise somebody replaced records, or "
                        + "the store, by an older copy")
            }
            if unreadable == nil { try await service.acceptOlderState(setBack) }
            try await service.acceptOlderStore(records)
        }
        let service = service
        audit.witnessState { service.stateVector }
        // Else the next start would find the same again.
        if !setBack.isEmpty || unreadable != nil { _ = try await audit.checkpoint() }
        return unreadable == nil ? setBack.count : ShardIndex.count
    }

    /// Holds all records against the state digest now and every day, also those that nobody uses, and counts them every ten minutes, until
    /// the task is cancelled.
    ///
    /// A finding is logged as critical, and every use of the record is refused.
    ///
    /// - Throws: ``Failure`` when a record is older than the audit log has seen it: then a store was set back before it was opened, and
    ///   nothing of it is to be served.
    func watch(_ logger: Logger) async throws {
        // The first requests after the start come first.
        try? await Task.sleep(for: .seconds(2))
        while !Task.isCancelled {
            try await tell(logger) { () throws(KMSError) in try await service.watchState() }
            for _ in 0..<144 where !Task.isCancelled {
                try? await Task.sleep(for: .seconds(600))
                try await tell(logger) { () throws(KMSError) in try await service.missing() }
            }
        }
    }

    private func tell(_ logger: Logger, _ look: () async throws(KMSError) -> [String]) async throws {
        let findings: [String]
        do throws(KMSError) {
            findings = try await look()
        } catch {
            logger.warning("the store could not be watched", metadata: ["cause": "\(error.logDetail)"])
            return
        }
        guard !findings.isEmpty else { return }
        let records = try await setBackRecords()
        let text = "RECORD_TAMPERED: " + Self.describe(records, findings)
        guard records.isEmpty else { throw Failure(.store, text) }
        logger.critical("\(text)")
    }

    /// The records that are older than the audit log has seen them, of those that were changed last: their names say more than shards do.
    private func setBackRecords() async throws -> [SetBackRecord] {
        let witnessed: [WitnessedRecord]
        do throws(AuditError) {
            witnessed = try await audit.witnessedRecords(limit: 10_000)
        } catch {
            throw Failure(.store, "\(error)")
        }
        return try await service.checkWitness(witnessed)
    }

    private static func describe(_ records: [SetBackRecord], _ findings: [String]) -> String {
        let all = records.map { "\($0.kind) \($0.id): \($0.finding)" } + findings
        return "the store was set back or changed: it is not as the audit log and the state digest have seen it ("
            + all.prefix(5).joined(separator: "; ") + ")"
    }

    /// Returns the state that the other chain has recorded. A process that writes to it may replace the file of its last checkpoint at this moment, so an error is
    /// believed the second time only.
    private func otherWitness() async throws(AuditOpenError) -> StateVector? {
        do throws(AuditOpenError) {
            return try await AuditReader(directory: otherDirectory).stateWitness()
        } catch {
            try? await Task.sleep(for: .milliseconds(100))
            return try await AuditReader(directory: otherDirectory).stateWitness()
        }
    }

    /// Returns the newest state that the audit logs of this machine have recorded, and why it cannot be read, if an operator accepts that.
    private func witness() async throws -> (StateVector, unreadable: String?) {
        do throws(AuditOpenError) {
            let own = try await audit.stateWitness()
            guard FileManager.default.fileExists(atPath: otherDirectory), let other = try await otherWitness() else {
                return (own, nil)
            }
            return (own.merged(with: other), nil)
        } catch {
            guard accepts else { throw Failure(error) }
            return (.empty, "\(error)")
        }
    }
}
