/// The state digest as a store keeps it: shards and their members, opaque to the store.
public protocol StateStore: Sendable {
    /// A shard with all its members, as one moment had them.
    func shard(_ index: ShardIndex) async throws(StoreError) -> StoredShard

    /// The counter of a shard; 0 when it has never had a member.
    func counter(of shard: ShardIndex) async throws(StoreError) -> UInt64

    /// All shards, without their members.
    func shards() async throws(StoreError) -> [Sealed<StateShard>]

    /// The digests that are stored for these places, in order; nil where there is no member.
    func digests(of members: [StatePlace]) async throws(StoreError) -> [[UInt8]?]

    /// The shards and the number of records, in one read.
    func stateTotals() async throws(StoreError) -> StateTotals

    /// Replaces the whole state digest, all or nothing.
    ///
    /// - Parameters:
    ///   - members: the members of each shard, in the order of the shards.
    ///   - document: the state key, which is stored with it; nil when the store has it.
    /// - Throws: ``StoreError/conflict`` when a state key is to be stored and the store has one.
    func replaceState(
        _ shards: [Sealed<StateShard>], _ members: [[StateMember]], adding document: Sealed<DirectoryDocument>?
    ) async throws(StoreError)

    /// Replaces the rows of shards and leaves their members, all or nothing.
    ///
    /// - Parameters:
    ///   - shards: at any higher counters.
    ///   - counters: those that the rows have, in the same order; 0 where there is no row.
    /// - Throws: ``StoreError/stateMoved`` when a row has another counter.
    func advance(_ shards: [Sealed<StateShard>], from counters: [UInt64]) async throws(StoreError)
}

/// The change of the state digest that belongs to a transaction. Every transaction that writes a sealed record has one.
///
/// Only the service's own state digest makes one; a store applies it as it is. When a shard does not have the counter that comes before
/// the new one, the whole transaction fails with ``StoreError/stateMoved``.
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

/// The shards, and how many records there are, as one moment had both.
public struct StateTotals: Sendable {
    public let shards: [Sealed<StateShard>]
    /// Rows of all sealed tables but the shards, names of keys, and digests of wrapped keys.
    public let records: UInt64

    public init(shards: [Sealed<StateShard>], records: UInt64) {
        self.shards = shards
        self.records = records
    }

    /// The sum of what the shards count.
    var members: UInt64 { shards.reduce(0) { $0 + $1.unverified.count } }

    /// The finding for an operator; nil when the totals agree.
    var finding: String? {
        members == records ? nil : "the store has \(records) records where the state digest counts \(members)"
    }
}
