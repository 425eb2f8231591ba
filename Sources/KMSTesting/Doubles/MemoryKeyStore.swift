package import KeyManagement
internal import Synchronization

/// A store in memory only: for faults and for speed, never for claims about durability.
///
/// It fulfils the same contract as a real one. `fail(with:times:)` switches on its faults.
package final class MemoryKeyStore: KeyStore {
    let rows = Mutex(Rows())
    private let keyUses = Mutex<[KeyUse]>([])
    private let faults = Mutex<(error: StoreError, times: Int)?>(nil)

    package init() {}

    /// Returns an independent store with the same rows.
    package func copy() -> MemoryKeyStore {
        let copy = MemoryKeyStore()
        let rows = rows.withLock { $0 }
        copy.rows.withLock { $0 = rows }
        let uses = keyUses.withLock { $0 }
        copy.keyUses.withLock { $0 = uses }
        return copy
    }

    /// Makes the next `times` calls fail.
    package func fail(with error: StoreError, times: Int = 1) {
        faults.withLock { $0 = (error, times) }
    }

    private func meetFault() throws(StoreError) {
        let fault: StoreError? = faults.withLock { fault in
            guard let current = fault, current.times > 0 else { return nil }
            fault = (current.error, current.times - 1)
            return current.error
        }
        if let fault { throw fault }
    }

    private func read<Result: Sendable>(_ body: (Rows) -> Result) throws(StoreError) -> Result {
        try meetFault()
        return rows.withLock { body($0) }
    }

    /// Makes a change, all or nothing.
    private func write<Result: Sendable>(
        _ body: (inout Rows) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try meetFault()
        return try rows.withLock { (current) throws(StoreError) in
            var next = current
            let result = try body(&next)
            next.mark += 1
            current = next
            return result
        }
    }

    package func binding() async throws(StoreError) -> TokenBinding? { try read { $0.binding } }

    package func documents(at addresses: [DocumentAddress]) async throws(StoreError) -> [SealedDocument?] {
        try read { rows in addresses.map { rows.document(at: $0) } }
    }

    package func documents(_ query: DocumentQuery) async throws(StoreError) -> [SealedDocument] {
        try read { $0.documents(query) }
    }

    package func documents(
        due task: DueTask, of kind: RecordKind, by moment: Timestamp, limit: Int
    ) async throws(StoreError) -> [DueDocument] {
        let due = try read { rows in
            rows.documents(of: kind).compactMap { document in
                document.index.due[task].map { DueDocument(place: document.place, time: $0) }
            }
        }
        return Array(due.filter { $0.time <= moment }.sorted { $0.time < $1.time }.prefix(max(0, limit)))
    }

    package func commit(_ transaction: StoreTransaction) async throws(StoreError) -> Int {
        try write { (rows) throws(StoreError) in try rows.apply(transaction) }
    }

    package func members(of shard: ShardIndex) async throws(StoreError) -> ShardDocument {
        try read { rows in
            ShardDocument(
                shard: rows.document(at: shard.address),
                members: rows.members[shard, default: [:]].map {
                    StateMember(shard: shard, place: $0.key, digest: $0.value)
                })
        }
    }

    package func digests(of members: [StatePlace]) async throws(StoreError) -> [[UInt8]?] {
        try read { rows in members.map { rows.members[$0.shard]?[$0.bytes] } }
    }

    package func shardDocuments() async throws(StoreError) -> ShardDocuments {
        try read { rows in
            let shards = rows.documents(DocumentQuery(.shard, limit: .max))
            let count = rows.documents.values.reduce(0) { $0 + $1.count } - shards.count
            let blobs = rows.blobs.values.reduce(0) { $0 + $1.count }
            return ShardDocuments(
                shards: shards, records: UInt64(count + blobs + (rows.documents[.key]?.count ?? 0)))
        }
    }

    package func epochUses() async throws(StoreError) -> [RootEpoch: EpochUse] { try read { $0.epochUses } }

    package func closeEpochs(through epoch: RootEpoch) async throws(StoreError) {
        try write { (rows) throws(StoreError) in
            guard rows.all.allSatisfy({ $0.earliestEpoch > epoch }) else { throw .conflict }
            rows.closedThrough = max(rows.closedThrough, epoch.number)
        }
    }

    package func blobEpochs() async throws(StoreError) -> [RootEpoch] { try read { $0.blobs.keys.sorted() } }

    package func blobs(
        under epoch: RootEpoch, after cursor: [UInt8]?, limit: Int
    ) async throws(StoreError) -> [WrappedBlob] {
        let blobs = try read { Array($0.blobs[epoch, default: [:]].values) }
        let rest = blobs.filter { blob in cursor.map { $0.lexicographicallyPrecedes(blob.digest) } ?? true }
        return Array(rest.sorted { $0.digest.lexicographicallyPrecedes($1.digest) }.prefix(limit))
    }

    package func add(_ uses: [DailyUse]) async throws(StoreError) {
        try write { (rows) throws(StoreError) in
            for use in uses where rows.hasVersion(use.version) {
                guard var sum = rows.uses[use.version]?[use.day] else {
                    rows.uses[use.version, default: [:]][use.day] = use
                    continue
                }
                sum.produced += use.produced
                sum.consumed += use.consumed
                sum.lastAt = max(sum.lastAt, use.lastAt)
                rows.uses[use.version]?[use.day] = sum
            }
        }
    }

    package func uses(of version: VersionID, since day: Int64) async throws(StoreError) -> UsageSummary {
        let uses = try read { $0.uses[version] ?? [:] }.values.filter { $0.day >= day }
        return UsageSummary(
            produced: uses.reduce(0) { $0 + $1.produced }, consumed: uses.reduce(0) { $0 + $1.consumed },
            lastAt: uses.map(\.lastAt).max())
    }

    package func deleteUses(before day: Int64) async throws(StoreError) {
        keyUses.withLock { $0.removeAll { $0.lastAt.dayNumber < day } }
        try write { (rows) throws(StoreError) in
            rows.uses = rows.uses.mapValues { $0.filter { $0.key >= day } }.filter { !$0.value.isEmpty }
        }
    }

    package func add(_ uses: [KeyUse]) async throws(StoreError) {
        let present = try read { $0.documents[.key, default: [:]] }
        keyUses.withLock { sums in
            for use in uses where present[use.key.bytes] != nil {
                let isSame = { (other: KeyUse) in
                    other.key == use.key && other.subject == use.subject && other.verb == use.verb
                }
                if let index = sums.firstIndex(where: isSame) {
                    sums[index].count += use.count
                    sums[index].lastAt = max(sums[index].lastAt, use.lastAt)
                } else {
                    sums.append(use)
                }
            }
        }
    }

    package func uses(of key: KeyID, limit: Int) async throws(StoreError) -> [KeyUse] {
        guard try read({ $0.documents[.key]?[key.bytes] }) != nil else { return [] }
        let uses = keyUses.withLock { $0.filter { $0.key == key } }
        return Array(uses.sorted { $0.lastAt > $1.lastAt }.prefix(limit))
    }

    package func noteUses(_ uses: [CredentialHash: Timestamp]) async throws(StoreError) {
        try write { (rows) throws(StoreError) in rows.credentialUses.merge(uses) { max($0, $1) } }
    }

    package func lastUse(of credential: CredentialHash) async throws(StoreError) -> Timestamp? {
        try read { $0.credentialUses[credential] }
    }

    package func changeMark() async throws(StoreError) -> Int64 { try read { $0.mark } }

    package func checkHealth() async throws(StoreError) { try meetFault() }
}
