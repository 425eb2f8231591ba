/// The change of the state digest that belongs to a transaction. Every transaction that writes a sealed record has one.
///
/// Only the service's own state digest makes one; a store applies it as it is. If a shard is not at the counter before the new
/// one, the whole transaction fails with ``StoreError/stateMoved``.
package struct StateChange: Sendable {
    /// The touched shards, at their new counters.
    package let shards: [Sealed<StateShard>]
    package let members: [StateMember]

    package static let none = StateChange(shards: [], members: [])

    package init(shards: [Sealed<StateShard>], members: [StateMember]) {
        self.shards = shards
        self.members = members
    }
}

/// The shards and the number of records, read in one transaction.
package struct StateTotals: Sendable {
    package let shards: [Sealed<StateShard>]
    /// The number of rows of all sealed tables except the shards, of names of keys, and of digests of wrapped keys.
    package let records: UInt64

    package init(shards: [Sealed<StateShard>], records: UInt64) {
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
