import Foundation
import GRDB
package import KeyManagement

// The state digest.
extension SQLiteKeyStore {
    package func members(of shard: ShardIndex) async throws(StoreError) -> ShardDocument {
        try await read { db in
            let document = try Self.document(at: shard.address, in: db)
            let members = try db.cachedStatement(sql: "SELECT place, digest FROM state_member WHERE shard = ?")
            let rows = try Row.fetchCursor(members, arguments: [shard.number])
            var found: [StateMember] = []
            while let row = try rows.next() {
                let reader = RowReader(row, record: "shard \(shard.number) of the state digest")
                found.append(
                    StateMember(shard: shard, place: try reader.blob("place"), digest: try reader.blob("digest")))
            }
            return ShardDocument(shard: document, members: found)
        }
    }

    package func digests(of members: [StatePlace]) async throws(StoreError) -> [[UInt8]?] {
        try await read { db in
            let statement = try db.cachedStatement(sql: "SELECT digest FROM state_member WHERE shard = ? AND place = ?")
            return try members.map { place in
                try Data.fetchOne(statement, arguments: [place.shard.number, Data(place.bytes)]).map { Array($0) }
            }
        }
    }

    package func shardDocuments() async throws(StoreError) -> ShardDocuments {
        // Rows of other kinds are no records: nothing reads them, and they make up for none that is missing.
        let kinds = RecordKind.allCases.filter { $0 != .shard }.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        let counts = """
            SELECT (SELECT count(*) FROM document WHERE kind IN (\(kinds)))
                + (SELECT count(*) FROM document WHERE kind = 'key') + (SELECT count(*) FROM wrapped_blob)
            """
        let shards = DocumentQuery(.shard, limit: ShardIndex.count)
        return try await read { db in
            let records = try Int64.fetchOne(db.cachedStatement(sql: counts)) ?? 0
            return ShardDocuments(
                shards: try DocumentRow.documents(db.cachedStatement(sql: shards.sql), shards.arguments),
                records: UInt64(clamping: records))
        }
    }
}
