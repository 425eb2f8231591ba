extension KeyStore {
    /// Returns a shard with all its members, read in one transaction.
    package func shard(_ index: ShardIndex) async throws(StoreError) -> StoredShard {
        let found = try await members(of: index)
        return StoredShard(
            shard: try found.shard.map { (shard) throws(StoreError) in try shard.record() }, members: found.members)
    }

    /// Returns the counter of a shard; 0 if it has never had a member.
    package func counter(of shard: ShardIndex) async throws(StoreError) -> UInt64 {
        try await documents(at: [shard.address])[0]?.revision ?? 0
    }

    /// Returns all shards, without their members.
    package func shards() async throws(StoreError) -> [Sealed<StateShard>] {
        try await documents(DocumentQuery(.shard, limit: ShardIndex.count)).map { (shard) throws(StoreError) in
            try shard.record()
        }
    }

    /// Returns the shards and the number of records, in one read.
    package func stateTotals() async throws(StoreError) -> StateTotals {
        let found = try await shardDocuments()
        return StateTotals(
            shards: try found.shards.map { (shard) throws(StoreError) in try shard.record() }, records: found.records)
    }

    /// Replaces the whole state digest, all or nothing.
    ///
    /// - Parameters:
    ///   - shards: the sealed shards, in order.
    ///   - members: the members of each shard, in the order of the shards.
    ///   - document: the state key, which is stored with it; `nil` if the store has it already.
    /// - Throws: ``StoreError/conflict`` if `document` is given and the store already has a state key.
    package func replaceState(
        _ shards: [Sealed<StateShard>], _ members: [[StateMember]], adding document: Sealed<DirectoryDocument>?
    ) async throws(StoreError) {
        var transaction = StoreTransaction(
            (document.map { [.next($0)] } ?? []) + shards.map { .insert($0) }, members: members.flatMap(\.self))
        transaction.clearsState = true
        _ = try await commit(transaction)
    }

    /// Replaces the rows of shards and leaves their members, all or nothing.
    ///
    /// - Parameters:
    ///   - shards: the new rows, at any higher counters.
    ///   - counters: the counters of the present rows, in the same order; 0 where there is no row.
    /// - Throws: ``StoreError/stateMoved`` if a row has another counter.
    package func advance(_ shards: [Sealed<StateShard>], from counters: [UInt64]) async throws(StoreError) {
        let changes = zip(shards, counters).map { shard, counter in
            counter == 0 ? DocumentChange.insert(shard) : .replace(shard.write, from: counter)
        }
        _ = try await commit(StoreTransaction(changes))
    }
}
