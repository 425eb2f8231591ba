internal import Crypto

/// One shard of the state digest, as it is stored: the sum of its records, and the number of its changes.
///
/// The sum is a keyed, blinded multiset hash (MSet-Add-Hash; Clarke, Devadas, van Dijk, Gassend, Suh: "Incremental Multiset
/// Hash Functions and Their Application to Memory Integrity Checking", ASIACRYPT 2003). Only a process that has the token can
/// compute it.
package struct StateShard: Hashable, Sendable, Sealable {
    package let index: ShardIndex
    /// The number of changes: 1 for a new shard.
    package let counter: UInt64
    /// The number of members.
    package let count: UInt64
    /// Random bytes that blind the sum: 16 bytes.
    package let blind: [UInt8]
    /// The blinded sum: 32 bytes.
    package let sum: [UInt8]

    package static let blindByteCount = 16
    package static let sumByteCount = 32

    package init(index: ShardIndex, counter: UInt64, count: UInt64, blind: [UInt8], sum: [UInt8]) {
        self.index = index
        self.counter = counter
        self.count = count
        self.blind = blind
        self.sum = sum
    }

    package var sealedName: String { "shard \(index.number) of the state digest" }

    /// The domain of the canonical form.
    static let sealDomain = "hsm-kms/seal/state-shard/1"

    package var canonicalBytes: [UInt8] {
        var encoding = CanonicalEncoding(domain: Self.sealDomain)
        encoding.append(1, UInt32(index.number))
        encoding.append(2, counter)
        encoding.append(3, count)
        encoding.append(4, blind)
        encoding.append(5, sum)
        return encoding.bytes
    }

    /// SHA-256 of the canonical form: 32 bytes.
    package var digest: [UInt8] { Array(SHA256.hash(data: canonicalBytes)) }
}

/// A member of a shard, as it is stored: the place of a record and the SHA-256 of its canonical form.
package struct StateMember: Hashable, Sendable {
    package let shard: ShardIndex
    /// The place: 32 bytes.
    package let place: [UInt8]
    /// The digest: 32 bytes; `nil` if the member is to be removed.
    package let digest: [UInt8]?

    package init(shard: ShardIndex, place: [UInt8], digest: [UInt8]?) {
        self.shard = shard
        self.place = place
        self.digest = digest
    }
}

/// A shard with all its members, read in one transaction. None of it is verified.
package struct StoredShard: Sendable {
    /// The shard; `nil` if it has never had a member.
    package let shard: Sealed<StateShard>?
    package let members: [StateMember]

    package init(shard: Sealed<StateShard>?, members: [StateMember]) {
        self.shard = shard
        self.members = members
    }
}

/// The counter that a shard has in the store after a change.
package struct StateStep: Hashable, Sendable {
    package let shard: ShardIndex
    package let counter: UInt64

    package init(shard: ShardIndex, counter: UInt64) {
        self.shard = shard
        self.counter = counter
    }
}
