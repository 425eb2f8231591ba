internal import Synchronization

/// The result of a committed transaction, and the new counters of its shards.
struct Committed<Value: Sendable>: Sendable {
    let value: Value
    let steps: [StateStep]
}

extension StateDigest {
    /// Stores records together with their change of the state digest: sealed in one visit to the token, written in one
    /// transaction.
    ///
    /// After a concurrent change of one of the shards, only the shards are sealed again and the transaction is retried.
    ///
    /// - Parameters:
    ///   - edits: the changes of the members; each place at most once.
    ///   - messages: the canonical forms of the records that are written.
    ///   - announce: called with the new counters before the first attempt, after the token has sealed.
    ///   - write: writes the records with these seals, and the change of the state.
    /// - Returns: the result of `write`, or its failure if this function does not handle it.
    func commit<Value: Sendable>(
        _ edits: [StateEdit], sealing messages: [[UInt8]],
        announce: ([StateStep]) async throws(KMSError) -> Void = { _ in },
        _ write: ([Seal], StateChange) async throws(StoreError) -> Value
    ) async throws(KMSError) -> Result<Committed<Value>, StoreError> {
        let hash = try await hash()
        var isFirst = true
        for _ in 0..<Self.attempts {
            let drafts: [Draft]
            do throws(KMSError) {
                drafts = try await self.drafts(of: edits, hash)
            } catch {
                guard error == .conflict else { throw error }
                return .failure(.conflict)
            }
            let shards = drafts.map(\.new.shard)
            let seals = try await seals(over: messages + shards.map(\.canonicalBytes))
            let steps = shards.map { StateStep(shard: $0.index, counter: $0.counter) }
            if isFirst { try await announce(steps) }
            isFirst = false
            let change = StateChange(
                shards: zip(shards, seals.dropFirst(messages.count)).map { Sealed(unverified: $0, seal: $1) },
                members: drafts.flatMap(\.members))
            do throws(StoreError) {
                let value = try await write(Array(seals.prefix(messages.count)), change)
                state.withLock { state in for draft in drafts { state.take(draft.new, in: nil) } }
                return .success(Committed(value: value, steps: steps))
            } catch .stateMoved {
                state.withLock { state in for shard in shards { state.forget(shard.index) } }
            } catch {
                return .failure(error)
            }
        }
        return .failure(.busy("the shards of the state digest are changed all the time"))
    }

    /// A shard after a change.
    private struct Draft {
        let new: VerifiedShard
        let members: [StateMember]
    }

    private func drafts(of edits: [StateEdit], _ hash: MultisetHash) async throws(KMSError) -> [Draft] {
        var groups: [ShardIndex: [StateEdit]] = [:]
        for edit in edits { groups[edit.place.shard, default: []].append(edit) }
        var drafts: [Draft] = []
        // Always in the same order, so that no two transactions wait for each other's rows.
        for (index, edits) in groups.sorted(by: { $0.key < $1.key }) {
            if let draft = try await draft(of: edits, in: index, hash) { drafts.append(draft) }
        }
        return drafts
    }

    /// Prepares the change of one shard.
    ///
    /// - Returns: `nil` if the edits leave the shard unchanged.
    /// - Throws: ``KMSError/conflict`` if an edit replaces a record that is no longer the stored one.
    private func draft(
        of edits: [StateEdit], in index: ShardIndex, _ hash: MultisetHash
    ) async throws(KMSError) -> Draft? {
        var doubted: UInt64?
        for _ in 0..<Self.attempts {
            let known = state.withLock { $0[index] }
            let shard: VerifiedShard
            if let known { shard = known } else { shard = try await load(index, in: nil, hash) }
            guard let changes = try await changes(of: edits, in: shard, hash) else {
                // The stored members are not the verified ones. If another process changed them, it also changed the counter.
                guard doubted != shard.shard.counter else { throw tampered(shard.shard.sealedName) }
                doubted = shard.shard.counter
                state.withLock { $0.forget(index) }
                continue
            }
            guard edits.allSatisfy({ $0.isRight(for: shard, by: hash) }) else {
                state.withLock { $0.forget(index) }
                // This process's copy of the shard may be older than the record that was read.
                guard known != nil else { throw .conflict }
                continue
            }
            let real = changes.filter { $0.old != $0.new }
            guard !real.isEmpty else { return nil }
            let blind = Self.randomBytes(StateShard.blindByteCount)
            return Draft(
                new: shard.changed(real, blind: blind, by: hash),
                members: real.map { StateMember(shard: index, place: $0.place, digest: $0.new) })
        }
        throw .busy("shard \(index.number) of the state digest is changed all the time")
    }

    /// Returns the old and the new member of each place; `nil` if a stored member is not a verified one.
    private func changes(
        of edits: [StateEdit], in shard: VerifiedShard, _ hash: MultisetHash
    ) async throws(KMSError) -> [(place: [UInt8], old: [UInt8]?, new: [UInt8]?)]? {
        let present = edits.map(\.place).filter { shard.has($0.bytes) }
        var old: [StatePlace: [UInt8]] = [:]
        if !present.isEmpty {
            let digests = try await reading { () throws(StoreError) in try await store.digests(of: present) }
            for (place, digest) in zip(present, digests) {
                guard let digest, shard.agrees(place.bytes, digest, by: hash) else { return nil }
                old[place] = digest
            }
        }
        return edits.map { (place: $0.place.bytes, old: old[$0.place], new: $0.digest) }
    }

    private func seals(over messages: [[UInt8]]) async throws(KMSError) -> [Seal] {
        guard !messages.isEmpty else { return [] }
        let seals = try await atToken { () throws(TokenError) in try await token.seal(messages) }
        guard seals.count == messages.count else { throw .internalFailure("the token made too few seals") }
        return seals
    }

    static func randomBytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}

extension StateEdit {
    /// Returns true if the shard has the member that the edit replaces.
    fileprivate func isRight(for shard: VerifiedShard, by hash: MultisetHash) -> Bool {
        guard case .only(let digest) = replaced else { return true }
        return shard.agrees(place.bytes, digest, by: hash)
    }
}
