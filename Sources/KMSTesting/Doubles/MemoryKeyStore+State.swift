public import KeyManagement
internal import Synchronization

extension MemoryKeyStore {
    static func apply(_ change: StateChange, in rows: inout Rows) throws(StoreError) {
        for shard in change.shards {
            let index = shard.unverified.index
            guard (rows.shards[index]?.unverified.counter ?? 0) + 1 == shard.unverified.counter else {
                throw .stateMoved
            }
            rows.shards[index] = shard
        }
        for member in change.members { rows.members[member.shard, default: [:]][member.place] = member.digest }
    }

    public func shard(_ index: ShardIndex) async throws(StoreError) -> StoredShard {
        try meetFault()
        return rows.withLock { rows in
            StoredShard(
                shard: rows.shards[index],
                members: rows.members[index, default: [:]].map {
                    StateMember(shard: index, place: $0.key, digest: $0.value)
                })
        }
    }

    public func counter(of shard: ShardIndex) async throws(StoreError) -> UInt64 {
        try meetFault()
        return rows.withLock { $0.shards[shard]?.unverified.counter ?? 0 }
    }

    public func shards() async throws(StoreError) -> [Sealed<StateShard>] {
        try meetFault()
        return rows.withLock { $0.shards.sorted { $0.key < $1.key }.map(\.value) }
    }

    public func digests(of places: [StatePlace]) async throws(StoreError) -> [[UInt8]?] {
        try meetFault()
        return rows.withLock { rows in places.map { rows.members[$0.shard]?[$0.bytes] } }
    }

    public func stateTotals() async throws(StoreError) -> StateTotals {
        try meetFault()
        return rows.withLock { rows in
            let blobs = rows.allBlobs
            let records = rows.allRecords.count - rows.shards.count + rows.keys.count + blobs
            return StateTotals(
                shards: rows.shards.sorted { $0.key < $1.key }.map(\.value), records: UInt64(records))
        }
    }

    public func replaceState(
        _ shards: [Sealed<StateShard>], _ members: [[StateMember]], adding document: Sealed<DirectoryDocument>?
    ) async throws(StoreError) {
        try write { (rows) throws(StoreError) in
            if let document { try Self.save([document], in: &rows) }
            rows.shards = [:]
            rows.members = [:]
            for (shard, members) in zip(shards, members) {
                try Self.apply(StateChange(shards: [shard], members: members), in: &rows)
            }
        }
    }
}

extension MemoryKeyStore {
    public func advance(_ shards: [Sealed<StateShard>], from counters: [UInt64]) async throws(StoreError) {
        try write { (rows) throws(StoreError) in
            for (shard, counter) in zip(shards, counters) {
                let index = shard.unverified.index
                guard (rows.shards[index]?.unverified.counter ?? 0) == counter else { throw .stateMoved }
                rows.shards[index] = shard
            }
        }
    }
}

extension MemoryKeyStore.Rows {
    /// The number of wrapped keys that were ever stored.
    fileprivate var allBlobs: Int {
        var digests: Set<[[UInt8]]> = []
        for record in allRecords {
            guard let wrapped = record.wrapped else { continue }
            digests.insert([[UInt8(truncatingIfNeeded: wrapped.epoch.number)], wrapped.digest])
        }
        for (epoch, known) in blobs {
            for digest in known.keys { digests.insert([[UInt8(truncatingIfNeeded: epoch.number)], digest]) }
        }
        return digests.count
    }
}
