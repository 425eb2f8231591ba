import Foundation
import GRDB
public import KeyManagement

extension SQLiteKeyStore {
    public func shard(_ index: ShardIndex) async throws(StoreError) -> StoredShard {
        try await read { db in
            let select = try db.cachedStatement(sql: "SELECT \(StateRow.columns) FROM state_shard WHERE shard = ?")
            let shard = try Row.fetchOne(select, arguments: [index.number]).map { try StateRow.record($0) }
            let members = try db.cachedStatement(sql: "SELECT place, digest FROM state_member WHERE shard = ?")
            let rows = try Row.fetchCursor(members, arguments: [index.number])
            var found: [StateMember] = []
            if let shard { found.reserveCapacity(Int(clamping: min(shard.unverified.count, 1 << 20))) }
            while let row = try rows.next() {
                let (place, digest): (Data, Data) = (row[0], row[1])
                found.append(StateMember(shard: index, place: Array(place), digest: Array(digest)))
            }
            return StoredShard(shard: shard, members: found)
        }
    }

    public func counter(of shard: ShardIndex) async throws(StoreError) -> UInt64 {
        try await read { db in
            let statement = try db.cachedStatement(sql: "SELECT counter FROM state_shard WHERE shard = ?")
            guard let row = try Row.fetchOne(statement, arguments: [shard.number]) else { return 0 }
            return try RowReader(row, record: "shard \(shard.number) of the state digest").integer("counter")
        }
    }

    public func shards() async throws(StoreError) -> [Sealed<StateShard>] {
        try await read { db in try Self.shards(in: db) }
    }

    private static func shards(in db: Database) throws -> [Sealed<StateShard>] {
        let statement = try db.cachedStatement(sql: "SELECT \(StateRow.columns) FROM state_shard ORDER BY shard")
        return try Row.fetchAll(statement).map { try StateRow.record($0) }
    }

    public func digests(of places: [StatePlace]) async throws(StoreError) -> [[UInt8]?] {
        try await read { db in
            let statement = try db.cachedStatement(sql: "SELECT digest FROM state_member WHERE shard = ? AND place = ?")
            return try places.map { place in
                try Data.fetchOne(statement, arguments: [place.shard.number, Data(place.bytes)]).map { Array($0) }
            }
        }
    }

    public func stateTotals() async throws(StoreError) -> StateTotals {
        let tables = SealedTable.all.filter { $0.kind != .shard }.map(\.name) + ["wrapped_blob", "\"key\""]
        let counts = tables.map { "(SELECT count(*) FROM \($0))" }.joined(separator: " + ")
        return try await read { db in
            let records = try Int64.fetchOne(db.cachedStatement(sql: "SELECT \(counts)")) ?? 0
            return StateTotals(shards: try Self.shards(in: db), records: UInt64(clamping: records))
        }
    }

    public func replaceState(
        _ shards: [Sealed<StateShard>], _ members: [[StateMember]], adding document: Sealed<DirectoryDocument>?
    ) async throws(StoreError) {
        try await write { db in
            if let document { try Self.save(document, in: db) }
            try db.execute(sql: "DELETE FROM state_shard")
            try db.execute(sql: "DELETE FROM state_member")
            for (shard, members) in zip(shards, members) {
                try StateRow.apply(StateChange(shards: [shard], members: members), in: db)
            }
        }
    }

    public func advance(_ shards: [Sealed<StateShard>], from counters: [UInt64]) async throws(StoreError) {
        try await write { db in
            for (shard, counter) in zip(shards, counters) { try StateRow.write(shard, replacing: counter, in: db) }
        }
    }
}
