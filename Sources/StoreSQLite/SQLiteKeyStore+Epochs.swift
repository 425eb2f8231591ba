import Foundation
import GRDB
package import KeyManagement

// The token that the store belongs to, and its root epochs.
extension SQLiteKeyStore {
    package func binding() async throws(StoreError) -> TokenBinding? {
        try await read { db in
            let statement = try db.cachedStatement(sql: "SELECT \(TokenBindingRow.columns) FROM token_binding")
            return try Row.fetchOne(statement).map { try TokenBindingRow.record($0) }
        }
    }

    package func epochUses() async throws(StoreError) -> [RootEpoch: EpochUse] {
        try await read { db in
            var uses: [RootEpoch: EpochUse] = [:]
            try Self.count("seal_epoch", in: db) { uses[$0, default: EpochUse()].sealed = $1 }
            try Self.count("wrap_epoch", in: db) { uses[$0, default: EpochUse()].wrapped = $1 }
            return uses
        }
    }

    private static func count(_ column: String, in db: Database, _ note: (RootEpoch, Int) -> Void) throws {
        let sql = """
            SELECT \(column) AS epoch, count(*) AS count FROM document WHERE \(column) IS NOT NULL GROUP BY \(column)
            """
        for row in try Row.fetchAll(db.cachedStatement(sql: sql)) {
            let reader = RowReader(row, record: "the epochs of documents")
            note(try reader.epoch("epoch"), try reader.integer("count"))
        }
    }

    package func closeEpochs(through epoch: RootEpoch) async throws(StoreError) {
        let sql = "SELECT 1 FROM document WHERE seal_epoch <= :epoch OR wrap_epoch <= :epoch LIMIT 1"
        guard epoch.next != nil else { throw .conflict }
        try await write { db in
            let statement = try db.cachedStatement(sql: sql)
            if try Int.fetchOne(statement, arguments: ["epoch": epoch.number]) != nil { throw StoreError.conflict }
            try db.run("UPDATE token_binding SET closed_through = max(closed_through, ?)", [epoch.number])
            guard db.changesCount == 1 else { throw StoreError.conflict }
        }
    }

    package func blobEpochs() async throws(StoreError) -> [RootEpoch] {
        try await read { db in
            let statement = try db.cachedStatement(sql: "SELECT DISTINCT epoch FROM wrapped_blob ORDER BY epoch")
            return try Row.fetchAll(statement).map {
                try RowReader($0, record: "the epochs of wrapped keys").epoch("epoch")
            }
        }
    }

    package func blobs(
        under epoch: RootEpoch, after cursor: [UInt8]?, limit: Int
    ) async throws(StoreError) -> [WrappedBlob] {
        let sql = """
            SELECT \(WrappedBlobRow.columns) FROM wrapped_blob WHERE epoch = ? AND digest > ? ORDER BY digest LIMIT ?
            """
        return try await read { db in
            let arguments: StatementArguments = [epoch.number, Data(cursor ?? []), max(0, limit)]
            let rows = try Row.fetchAll(db.cachedStatement(sql: sql), arguments: arguments)
            return try rows.map { try WrappedBlobRow.record($0) }
        }
    }
}
