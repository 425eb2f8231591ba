internal import Logging
import Synchronization

/// The meters of the uses of versions.
///
/// Encryptions under an AES version are reserved in the store before they are made, one block at a time. Callers that need a
/// block while others wait share one transaction. All other uses are only counted, and stored at intervals.
final class UsageMeters: Sendable {
    /// A reservation of uses on disk.
    struct Reservation: Sendable {
        /// True if the version nears its limit, so that its key must be rotated. It is reported once.
        let isWorn: Bool
        /// The shard counters of the state digest that the reservation reached; empty if it was made before.
        var steps: [StateStep] = []
    }

    private let store: any KeyStore
    private let records: VerifiedRecords
    private let limit: UsageLimit
    private let logger: Logger
    private let state: Mutex<UsageLedger>
    private let keyUses = KeyUseLedger()

    init(
        store: any KeyStore, limit: UsageLimit, capacity: Int, records: VerifiedRecords, logger: Logger
    ) {
        self.store = store
        self.records = records
        self.limit = limit
        self.logger = logger
        state = Mutex(UsageLedger(capacity: capacity))
    }

    /// Counts `count` encryptions, which are reserved on disk when this returns.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` if the version has none left.
    func reserve(_ count: UInt64, of version: VersionID, at now: Timestamp) async throws(KMSError) -> Reservation {
        var steps: [StateStep] = []
        for _ in 0..<Self.attempts {
            switch state.withLock({ $0.take(count, of: version, at: now, limit: limit) }) {
            case .taken(let isWorn): return Reservation(isWorn: isWorn, steps: steps)
            case .exhausted:
                throw .stateForbids(
                    "version \(version.number) has reached its limit of \(limit.maxUses) encryptions; rotate the key"
                )
            case .empty: steps = try await round(with: version)
            }
        }
        throw .busy("the uses of \(version) cannot be reserved")
    }

    /// Counts uses that have no limit.
    func note(produced: UInt64 = 0, consumed: UInt64 = 0, of version: VersionID, at now: Timestamp) {
        state.withLock { $0.count(produced: produced, consumed: consumed, of: version, at: now) }
    }

    /// Counts uses of a key by a subject.
    func note(_ count: UInt64, of key: KeyID, by subject: SubjectID, _ verb: Verb, at now: Timestamp) {
        keyUses.note(count, of: key, by: subject, verb, at: now)
    }

    /// Returns the uses of a key, the latest first and at most `limit`. Those of another process follow within a few seconds.
    func uses(of key: KeyID, limit: Int) async throws(KMSError) -> [KeyUse] {
        await flush()
        return try await atStore { () throws(StoreError) in try await store.uses(of: key, limit: limit) }
    }

    /// Stores the counts. Counts that cannot be stored now are retried with the next.
    func flush() async {
        let (uses, byKey) = (state.withLock { $0.takeUses() }, keyUses.take())
        await store(uses, { (uses) throws(StoreError) in try await store.add(uses) }) { uses in
            state.withLock { $0.putBack(uses) }
        }
        await store(byKey, { (uses) throws(StoreError) in try await store.add(uses) }, keyUses.putBack)
    }

    private func store<Use>(
        _ uses: [Use], _ write: ([Use]) async throws(StoreError) -> Void, _ putBack: ([Use]) -> Void
    ) async {
        guard !uses.isEmpty else { return }
        do throws(StoreError) {
            try await write(uses)
        } catch {
            logger.warning("the counts of uses cannot be stored", metadata: ["cause": "\(error)"])
            putBack(uses)
        }
    }

    private static var attempts: Int { 64 }

    /// Waits for the round that serves `version`. The current round serves only versions that joined before it began.
    private func round(with version: VersionID) async throws(KMSError) -> [StateStep] {
        let task = state.withLock { book -> UsageLedger.Round in
            book.join(version) { previous in
                // A task of its own, because it belongs to all callers that wait for it.
                Task { [self] in
                    _ = await previous?.value
                    return await serve()
                }
            }
        }
        return try await task.value.get()
    }

    /// Reserves a block for each waiting version, in one transaction. It retries after a concurrent change by another process.
    private func serve() async -> Result<[StateStep], KMSError> {
        let versions = state.withLock { $0.beginRound() }
        for _ in 0..<Self.attempts {
            do throws(KMSError) {
                if let steps = try await reserveBlocks(for: versions) { return .success(steps) }
            } catch {
                return .failure(error)
            }
        }
        return .failure(.busy("too many concurrent uses of this version; retry"))
    }

    /// Reserves a block for each of these versions.
    ///
    /// - Returns: `nil` if the store has changed meanwhile.
    private func reserveBlocks(for versions: [VersionID]) async throws(KMSError) -> [StateStep]? {
        var steps: [(from: UInt64, record: UsageRecord)] = []
        for version in versions {
            let stored = try await records.newest { () throws(StoreError) in
                try await store.usage(of: version)
            } claims: { stored in
                [stored?.unverified.stateClaim ?? .absent(.usage(version), "the usage of \(version)")]
            }
            if let stored {
                guard stored.unverified.version == version else { throw records.tampered(stored.unverified.sealedName) }
                try await records.verify([records.claim(stored)])
            }
            let from = stored?.unverified.reserved ?? 0
            guard from >= state.withLock({ $0.reserved(of: version) }) else {
                throw records.tampered("the usage of \(version)")
            }
            guard from < limit.maxUses else {
                state.withLock { $0.exhaust(version) }
                continue
            }
            let step = min(limit.block, limit.maxUses - from)
            steps.append((from, UsageRecord(version: version, reserved: from + step)))
        }
        guard !steps.isEmpty else { return [] }
        let outcome = try await records.state.commit(
            steps.flatMap { StateEdit.store($0.record) }, sealing: steps.map(\.record.canonicalBytes)
        ) { (seals, state) throws(StoreError) in
            let reservations = zip(steps, seals).map { step, seal in
                UsageReservation(from: step.from, record: Sealed(unverified: step.record, seal: seal))
            }
            try await store.reserve(reservations, state: state)
        }
        if case .failure(.conflict) = outcome { return nil }
        let committed = try outcome.orThrow()
        let blocks = steps.map { (version: $0.record.version, from: $0.from, to: $0.record.reserved) }
        state.withLock { book in
            for block in blocks { book.fill(block.version, from: block.from, to: block.to) }
        }
        return committed.steps
    }
}
