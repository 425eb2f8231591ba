import Foundation
import GRDB
public import KeyManagement

extension SQLiteKeyStore {
    public func answer(_ id: RepeatableRequestID) async throws(StoreError) -> Sealed<StoredAnswer>? {
        try await read { db in
            let statement = try db.cachedStatement(sql: "SELECT \(AnswerRow.columns) FROM answer WHERE id = ?")
            return try Row.fetchOne(statement, arguments: [Data(id.bytes)]).map { try AnswerRow.record($0) }
        }
    }

    public func deleteAnswers(before moment: Timestamp, limit: Int) async throws(StoreError) -> Int {
        await clean(within: Self.laterCleaningTimeout)
        let sql = """
            DELETE FROM answer WHERE id IN (SELECT id FROM answer WHERE created_at < ? ORDER BY created_at LIMIT ?)
            """
        // Looked at first, so that a store where nothing is due is not written to.
        let oldest = try await read { db in
            try Int64.fetchOne(db.cachedStatement(sql: "SELECT min(created_at) FROM answer"))
        }
        guard let oldest, oldest < moment.milliseconds else { return 0 }
        return try await write { db in
            try db.run(sql, [moment.milliseconds, max(0, limit)])
            return db.changesCount
        }
    }
}
