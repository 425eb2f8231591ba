internal import Logging
internal import Synchronization

/// A shard of the store that is older than a witness has seen, or different.
package struct SetBackShard: Hashable, Sendable {
    package let index: ShardIndex
    /// The counter in the store.
    package let counter: UInt64
    /// The counter that the witness has seen.
    package let seen: UInt64

    /// True if no log of this store can have seen the counter. A change advances a counter by 1, an acceptance of an older store by 2^20.
    ///
    /// The audit log's lines after its last checkpoint are not signed. By a forged one, an operator could otherwise be made to accept
    /// counters beyond all later ones.
    package var isBeyondReach: Bool { seen > counter && seen - counter > Self.maxGrowth }

    /// The most by which a witness can be ahead of a store: 2^40.
    private static let maxGrowth: UInt64 = 1 << 40

    /// The description of the defect, for an operator.
    package var finding: String {
        counter == seen
            ? "shard \(index.number) of the state digest differs at counter \(counter)"
            : "shard \(index.number) of the state digest is at counter \(counter), and was at \(seen)"
    }
}

extension StateDigest {
    /// Takes the present shards of the store, and compares them with what a witness has seen.
    ///
    /// A row that equals the witness's is genuine; the seal of every other row is verified.
    ///
    /// - Parameter witness: the newest row of each shard that the witness knows; its digest is empty where only the counter is
    ///   known.
    /// - Returns: the shards that are older than the witness has seen, or different.
    func begin(comparedWith witness: StateVector) async throws(KMSError) -> [SetBackShard] {
        let stored = try await reading { () throws(StoreError) in try await store.shards() }
        let vector = StateVector(stored)
        var setBack: [SetBackShard] = []
        var unknown: [Sealed<StateShard>] = []
        for (number, seen) in witness.rows.enumerated() {
            let row = vector.rows[number]
            guard row != seen, let index = ShardIndex(number) else { continue }
            if row.counter < seen.counter || (row.counter == seen.counter && !seen.digest.isEmpty) {
                setBack.append(SetBackShard(index: index, counter: row.counter, seen: seen.counter))
            }
        }
        for shard in stored
        where vector.rows[shard.unverified.index.number] != witness.rows[shard.unverified.index.number] {
            unknown.append(shard)
        }
        try await verifySeals(of: unknown)
        state.withLock { $0.begin(with: vector) }
        return setBack
    }

    /// Verifies the shards of a whole store: their seals, and that none is older than this process has seen it.
    func verify(_ totals: StateTotals) async throws(KMSError) {
        try await verifySeals(of: totals.shards)
        let hash = try await hash()
        for (number, row) in StateVector(totals.shards).rows.enumerated() {
            guard let index = ShardIndex(number), row.counter < state.withLock({ $0.newestCounter(of: index) }) else {
                continue
            }
            // The shard was changed by this process since, or was set back. Reading it again decides which.
            _ = try await load(index, in: nil, hash)
        }
    }

    /// Advances every shard beyond each counter that it can have had, because an operator accepts the store as it is.
    ///
    /// Otherwise rows of the abandoned state could be put back later, because their counters alone would be newer.
    ///
    /// - Parameter setBack: the shards that a witness has seen at higher counters than the store has. Counters beyond reach do not count.
    /// - Returns: the new counter of each shard.
    func advance(beyond setBack: [SetBackShard]) async throws(KMSError) -> [StateStep] {
        let hash = try await hash()
        let stored = try await reading { () throws(StoreError) in try await store.shards() }
        try await verifySeals(of: stored)
        let known = Dictionary(stored.map { ($0.unverified.index, $0.unverified) }) { first, _ in first }
        let seen = Dictionary(setBack.filter { !$0.isBeyondReach }.map { ($0.index, $0.seen) }) { max($0, $1) }
        let shards = ShardIndex.all.map { index in
            let old = known[index]
            let sum = old.map { Sum256($0.sum) - hash.mask(of: index, counter: $0.counter, blind: $0.blind) } ?? .zero
            let counter = max(old?.counter ?? 0, seen[index] ?? 0) + Self.acceptanceStep
            let blind = Self.randomBytes(StateShard.blindByteCount)
            let masked = sum + hash.mask(of: index, counter: counter, blind: blind)
            return StateShard(
                index: index, counter: counter, count: old?.count ?? 0, blind: blind, sum: masked.bytes)
        }
        let sealed = try await sealed(shards)
        let replaced = ShardIndex.all.map { known[$0]?.counter ?? 0 }
        try await atStore { () throws(StoreError) in try await store.advance(sealed, from: replaced) }
        state.withLock { $0.begin(with: StateVector(sealed)) }
        return setBack.map { StateStep(shard: $0.index, counter: shards[$0.index.number].counter) }
    }

    /// A number greater than the changes that a shard can have had without a trace in an audit log.
    private static let acceptanceStep: UInt64 = 1 << 20

    func sealed(_ shards: [StateShard]) async throws(KMSError) -> [Sealed<StateShard>] {
        var sealed: [Sealed<StateShard>] = []
        for start in stride(from: 0, to: shards.count, by: 256) {
            let some = Array(shards[start..<min(start + 256, shards.count)])
            let seals = try await atToken { () throws(TokenError) in try await token.seal(some.map(\.canonicalBytes)) }
            sealed += zip(some, seals).map { Sealed(unverified: $0, seal: $1) }
        }
        return sealed
    }

    private func verifySeals(of shards: [Sealed<StateShard>]) async throws(KMSError) {
        for start in stride(from: 0, to: shards.count, by: 256) {
            let some = shards[start..<min(start + 256, shards.count)]
            let answers = try await atToken { () throws(TokenError) in
                try await token.verify(some.map { ($0.seal, $0.unverified.canonicalBytes) })
            }
            for (shard, isGenuine) in zip(some, answers) where !isGenuine {
                throw tampered(shard.unverified.sealedName)
            }
        }
    }

    /// Starts with the rows that another process knows.
    func begin(from vector: StateVector) { state.withLock { $0.begin(with: vector) } }

    /// The newest row of each shard that this process knows, for a witness.
    var vector: StateVector { state.withLock { $0.vector } }
}

extension KeyService {
    /// Returns true if the store has a state digest. A store of an earlier version has none until ``adoptState(progress:)``.
    package func hasState() async throws(KMSError) -> Bool {
        try await atStore { () throws(StoreError) in try await reader.document(.stateKey, StateKeyRecord.name) } != nil
    }

    /// Compares the state digest of the store with what an external witness has seen, and starts with it.
    ///
    /// - Returns: the shards that are older than the witness has seen, or different. If there are any, the store was set back.
    package func checkState(against witness: StateVector) async throws(KMSError) -> [SetBackShard] {
        try await state.begin(comparedWith: witness)
    }

    /// The newest row of each shard of the state digest that this process knows, for a witness outside the store.
    package var stateVector: StateVector { state.vector }

    /// Accepts the store as it is, on the decision of an operator, such as after restoring a backup. The audit log records it.
    ///
    /// Every shard gets a counter beyond those that the witness has seen, so that records from after the restored copy are
    /// never believed again.
    ///
    /// - Parameters:
    ///   - shards: the shards that are older than expected.
    ///   - unwitnessed: the reason why the expected age of the store is unknown; `nil` if the witness was read.
    /// - Throws: ``KMSError/conflict`` if the store changes concurrently.
    package func acceptOlderState(_ shards: [SetBackShard], unwitnessed: String? = nil) async throws(KMSError) {
        guard let finding = unwitnessed ?? shards.first?.finding else { return }
        let principal = Principal(profile: Profile(subject: try SubjectID("kms-operator"), kind: .system))
        let count = unwitnessed == nil ? shards.count : ShardIndex.count
        let details = ["record": "\(count) shards of the state digest", "finding": finding]
        try await withAudit(.acceptOlderStore, by: principal, details: details) { (operation) throws(KMSError) in
            operation.recorder.confirm(try await state.advance(beyond: shards))
        }
        logger.warning("an older store was accepted", metadata: ["shards": "\(count)"])
    }
}
