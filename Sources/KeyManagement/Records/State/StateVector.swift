internal import Crypto

/// The newest row of each shard of the state digest, as a witness outside the store keeps it.
package struct StateVector: Hashable, Sendable {
    package struct Row: Hashable, Sendable {
        package let counter: UInt64
        /// SHA-256 of the shard's canonical form, 32 bytes. Empty for a shard that has never had a member, and where only the
        /// counter is known.
        package let digest: [UInt8]

        package static let none = Row(counter: 0, digest: [])

        package init(counter: UInt64, digest: [UInt8]) {
            self.counter = counter
            self.digest = digest
        }
    }

    /// The rows, one for each shard in order: 4,096.
    package let rows: [Row]

    package init(rows: [Row]) {
        precondition(rows.count == ShardIndex.count, "a row for each shard")
        self.rows = rows
    }

    package init(_ shards: [Sealed<StateShard>]) {
        var rows = [Row](repeating: .none, count: ShardIndex.count)
        for shard in shards {
            let shard = shard.unverified
            rows[shard.index.number] = Row(counter: shard.counter, digest: shard.digest)
        }
        self.rows = rows
    }

    /// The vector as `hsm-kms/state-vector/1`, a line feed, and for each shard its counter and digest: 163,863 bytes.
    ///
    /// The counter has 8 bytes, big-endian. The digest has 32 bytes; it is zero if there is none, or only the counter is known.
    package var encoded: [UInt8] {
        var bytes = Self.header
        bytes.reserveCapacity(Self.byteCount)
        for row in rows {
            withUnsafeBytes(of: row.counter.bigEndian) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: row.digest.isEmpty ? [UInt8](repeating: 0, count: 32) : row.digest)
        }
        return bytes
    }

    /// Reads an ``encoded`` vector; `nil` if the bytes are not one.
    package init?(encoded bytes: [UInt8]) {
        guard bytes.count == Self.byteCount, bytes.starts(with: Self.header) else { return nil }
        var rows: [Row] = []
        rows.reserveCapacity(ShardIndex.count)
        for number in 0..<ShardIndex.count {
            let start = Self.header.count + number * 40
            let counter = bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) }
            let digest = Array(bytes[start + 8..<start + 40])
            let isKnown = digest.contains { $0 != 0 }
            rows.append(counter == 0 ? .none : Row(counter: counter, digest: isKnown ? digest : []))
        }
        self.init(rows: rows)
        guard encoded == bytes else { return nil }
    }

    /// SHA-256 of ``encoded``: 32 bytes.
    package var digest: [UInt8] { Array(SHA256.hash(data: encoded)) }

    /// The vector of a store that has never had a record.
    package static let empty = StateVector(rows: Array(repeating: .none, count: ShardIndex.count))

    /// Returns the newer row of each shard.
    package func merged(with other: StateVector) -> StateVector {
        StateVector(
            rows: zip(rows, other.rows).map { own, other in
                own.counter == other.counter && own.digest.isEmpty || own.counter < other.counter ? other : own
            })
    }

    /// Returns true if a shard has a higher counter than in the other vector.
    package func isAhead(of other: StateVector) -> Bool { zip(rows, other.rows).contains { $0.counter > $1.counter } }

    /// True if the store has never had a record.
    package var isEmpty: Bool { rows.allSatisfy { $0.counter == 0 } }

    package static let byteCount = header.count + ShardIndex.count * 40
    private static let header = Array("hsm-kms/state-vector/1\n".utf8)
}
