internal import Logging
import Synchronization

/// Counts what versions are used for.
///
/// Encryptions under an AES version are reserved in the store before they are made, a block at a time; those who need a block
/// while others wait for theirs share one transaction. Everything else is only counted, and stored now and then.
final class UsageMeters: Sendable {
    private let store: any KeyStore
    private let token: any Token
    private let records: VerifiedRecords
    private let limit: UsageLimit
    private let logger: Logger
    private let state: Mutex<UsageBook>

    init(
        store: any KeyStore, token: any Token, limit: UsageLimit, capacity: Int, records: VerifiedRecords,
        logger: Logger
    ) {
        self.store = store
        self.token = token
        self.records = records
        self.limit = limit
        self.logger = logger
        state = Mutex(UsageBook(capacity: capacity))
    }

    /// Counts `count` encryptions, which are reserved on disk when this returns.
    ///
    /// - Returns: whether the version has had so many that its key is to be rotated. It is said once.
    /// - Throws: ``KMSError/stateForbids(_:)`` when the version has none left.
    func reserve(_ count: UInt64, of version: VersionID, at now: Timestamp) async throws(KMSError) -> Bool {
        for _ in 0..<Self.attempts {
            switch state.withLock({ $0.take(count, of: version, at: now, limit: limit) }) {
            case .taken(let isWorn): return isWorn
            case .exhausted:
                throw .stateForbids(
                    "version \(version.number) has made the \(limit.most) encryptions that one key may make; rotate the key"
                )
            case .empty: try await round(with: version)
            }
        }
        throw .busy("the uses of \(version) cannot be reserved")
    }

    /// Counts uses that have no limit.
    func note(produced: UInt64 = 0, consumed: UInt64 = 0, of version: VersionID, at now: Timestamp) {
        state.withLock { $0.count(produced: produced, consumed: consumed, of: version, at: now) }
    }

    /// Stores what was counted. What cannot be stored now is tried with the next.
    func flush() async {
        let uses = state.withLock { $0.takeUses() }
        guard !uses.isEmpty else { return }
        do throws(StoreError) {
            try await store.add(uses)
        } catch {
            logger.warning("the counts of uses cannot be stored", metadata: ["cause": "\(error)"])
            state.withLock { $0.putBack(uses) }
        }
    }

    private static var attempts: Int { 64 }

    /// Waits for the round that will serve `version`: the one under way serves those who came before it began.
    private func round(with version: VersionID) async throws(KMSError) {
        let task = state.withLock { book -> Task<Result<Void, KMSError>, Never> in
            book.join(version) { previous in
                // A task of its own, because it belongs to all who wait for it.
                Task { [self] in
                    _ = await previous?.value
                    return await serve()
                }
            }
        }
        try await task.value.get()
    }

    /// Reserves a block for each version that waits, in one transaction. When another process was faster with one of them, it is
    /// done again.
    private func serve() async -> Result<Void, KMSError> {
        let versions = state.withLock { $0.beginRound() }
        for _ in 0..<Self.attempts {
            do throws(KMSError) {
                if try await reserveBlocks(for: versions) { return .success(()) }
            } catch {
                return .failure(error)
            }
        }
        return .failure(.busy("others reserve the same uses all the time"))
    }

    /// - Returns: false when the store has changed meanwhile.
    private func reserveBlocks(for versions: [VersionID]) async throws(KMSError) -> Bool {
        var steps: [(from: UInt64, record: UsageRecord)] = []
        for version in versions {
            let stored = try await records.read { () throws(StoreError) in try await store.usage(of: version) }
            if let stored {
                guard stored.unverified.version == version else { throw records.tampered(stored.unverified.sealedName) }
                try await records.verify([records.claim(stored)])
            }
            let from = stored?.unverified.reserved ?? 0
            guard from >= state.withLock({ $0.reserved(of: version) }) else {
                throw records.tampered("the usage of \(version)")
            }
            guard from < limit.most else {
                state.withLock { $0.exhaust(version) }
                continue
            }
            let step = min(limit.block, limit.most - from)
            steps.append((from, UsageRecord(version: version, reserved: from + step)))
        }
        guard !steps.isEmpty else { return true }
        let messages = steps.map(\.record.canonicalBytes)
        let seals = try await atToken { () throws(TokenError) in try await token.seal(messages) }
        let reservations = zip(steps, seals).map { step, seal in
            UsageReservation(from: step.from, record: Sealed(unverified: step.record, seal: seal))
        }
        do throws(StoreError) {
            try await store.reserve(reservations)
        } catch {
            guard error == .conflict else { throw KMSError(error) }
            return false
        }
        let blocks = steps.map { (version: $0.record.version, from: $0.from, to: $0.record.reserved) }
        state.withLock { book in
            for block in blocks { book.fill(block.version, from: block.from, to: block.to) }
        }
        return true
    }
}
