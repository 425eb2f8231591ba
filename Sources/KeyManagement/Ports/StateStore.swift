/// The state digest as a store keeps it: shards and their members, opaque to the store.
public protocol StateStore: Sendable {
    /// Returns a shard with all its members, read in one transaction.
    func shard(_ index: ShardIndex) async throws(StoreError) -> StoredShard

    /// Returns the counter of a shard; 0 if it has never had a member.
    func counter(of shard: ShardIndex) async throws(StoreError) -> UInt64

    /// Returns all shards, without their members.
    func shards() async throws(StoreError) -> [Sealed<StateShard>]

    /// Returns the digests stored for these places, in order; `nil` where there is no member.
    func digests(of members: [StatePlace]) async throws(StoreError) -> [[UInt8]?]

    /// Returns the shards and the number of records, in one read.
    func stateTotals() async throws(StoreError) -> StateTotals

    /// Replaces the whole state digest, all or nothing.
    ///
    /// - Parameters:
    ///   - members: the members of each shard, in the order of the shards.
    ///   - document: the state key, which is stored with it; `nil` if the store has it already.
    /// - Throws: ``StoreError/conflict`` if `document` is given and the store already has a state key.
    func replaceState(
        _ shards: [Sealed<StateShard>], _ members: [[StateMember]], adding document: Sealed<DirectoryDocument>?
    ) async throws(StoreError)

    /// Replaces the rows of shards and leaves their members, all or nothing.
    ///
    /// - Parameters:
    ///   - shards: the new rows, at any higher counters.
    ///   - counters: the counters of the present rows, in the same order; 0 where there is no row.
    /// - Throws: ``StoreError/stateMoved`` if a row has another counter.
    func advance(_ shards: [Sealed<StateShard>], from counters: [UInt64]) async throws(StoreError)
}

/// The change of the state digest that belongs to a transaction. Every transaction that writes a sealed record has one.
///
/// Only the service's own state digest makes one; a store applies it as it is. If a shard is not at the counter before the new
/// one, the whole transaction fails with ``StoreError/stateMoved``.
public struct StateChange: Sendable {
    /// The touched shards, at their new counters.
    public let shards: [Sealed<StateShard>]
    public let members: [StateMember]

    package static let none = StateChange(shards: [], members: [])

    package init(shards: [Sealed<StateShard>], members: [StateMember]) {
        self.shards = shards
        self.members = members
    }
}

/// The shards and the number of records, read in one transaction.
public struct StateTotals: Sendable {
    public let shards: [Sealed<StateShard>]
    /// The number of rows of all sealed tables except the shards, of names of keys, and of digests of wrapped keys.
    public let records: UInt64

    public init(shards: [Sealed<StateShard>], records: UInt64) {
        self.shards = shards
        self.records = records
    }

    /// The number of members, summed over the shards.
    var members: UInt64 { shards.reduce(0) { $0 + $1.unverified.count } }

    /// The finding for an operator; `nil` if the totals agree.
    var finding: String? {
        members == records ? nil : "the store has \(records) records where the state digest counts \(members)"
    }
}
