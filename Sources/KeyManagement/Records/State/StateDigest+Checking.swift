internal import Synchronization

/// A claim that the state digest contradicts, at a counter of its shard.
struct Disagreement: Hashable, Sendable {
    let claim: StateClaim
    let counter: UInt64
}

extension StateDigest {
    /// Compares claims with the verified shards.
    ///
    /// The records may have changed since they were read, so a caller that gets a disagreement reads again. The same
    /// disagreement twice means that a record is not the newest.
    ///
    /// - Parameters:
    ///   - claims: the claims about records that were read.
    ///   - generation: the generation of the record cache before the records were read.
    /// - Returns: the first claim that is contradicted; `nil` if none is.
    /// - Throws: ``KMSError/recordTampered(_:)`` if a shard does not add up, or is older than this process has seen it.
    func check(_ claims: [StateClaim], in generation: UInt64) async throws(KMSError) -> Disagreement? {
        let hash = try await hash()
        for claim in claims {
            let shard = try await current(claim.place.shard, in: generation, hash)
            if shard.agrees(claim.place.bytes, claim.digest, by: hash) { continue }
            // The shard may have moved since it was compared.
            let read = try await load(claim.place.shard, in: generation, hash)
            guard read.agrees(claim.place.bytes, claim.digest, by: hash) else {
                return Disagreement(claim: claim, counter: read.shard.counter)
            }
        }
        return nil
    }

    /// Returns a verified shard whose counter is the stored one.
    func current(
        _ index: ShardIndex, in generation: UInt64, _ hash: MultisetHash
    ) async throws(KMSError) -> VerifiedShard {
        if let known = state.withLock({ $0.confirmed(index, in: generation) }) { return known }
        guard let known = state.withLock({ $0[index] }) else { return try await load(index, in: generation, hash) }
        let counter = try await reading { () throws(StoreError) in try await store.counter(of: index) }
        // A shard with another counter is read completely, which also shows whether it is older.
        guard counter == known.shard.counter else { return try await load(index, in: generation, hash) }
        state.withLock { $0.confirm(index, in: generation) }
        return known
    }

    /// Reads a shard and verifies its seal and its sum.
    func load(
        _ index: ShardIndex, in generation: UInt64?, _ hash: MultisetHash
    ) async throws(KMSError) -> VerifiedShard {
        var oldest: UInt64?
        for _ in 0..<Self.attempts {
            let newest = state.withLock { $0.newestCounter(of: index) }
            let stored = try await reading { () throws(StoreError) in try await store.shard(index) }
            let counter = stored.shard?.unverified.counter ?? 0
            guard counter >= newest else {
                // The row may have been read before a change of this process was done. In that case the next read has the
                // change.
                if oldest == counter { throw tampered("shard \(index.number) of the state digest, which was set back") }
                oldest = counter
                continue
            }
            let shard = try await verified(stored, index, hash)
            state.withLock { $0.take(shard, in: generation) }
            return shard
        }
        throw .busy("shard \(index.number) of the state digest is changed all the time")
    }

    private func verified(
        _ stored: StoredShard, _ index: ShardIndex, _ hash: MultisetHash
    ) async throws(KMSError) -> VerifiedShard {
        guard let sealed = stored.shard else {
            guard stored.members.isEmpty else { throw tampered("shard \(index.number) of the state digest") }
            return VerifiedShard(empty: index)
        }
        let shard = sealed.unverified
        let answers = try await atToken { () throws(TokenError) in
            try await token.verify([(sealed.seal, shard.canonicalBytes)])
        }
        guard answers.first == true, shard.index == index,
            let verified = VerifiedShard(shard, stored.members, by: hash)
        else { throw tampered(shard.sealedName) }
        return verified
    }

    static var attempts: Int { 64 }
}
