import Foundation
import GRDB
public import KeyManagement

extension SQLiteKeyStore {
    public func answer(_ id: IdempotentRequestID) async throws(StoreError) -> Sealed<IdempotentAnswer>? {
        try await read { db in
            let statement = try db.cachedStatement(sql: "SELECT \(AnswerRow.columns) FROM answer WHERE id = ?")
            return try Row.fetchOne(statement, arguments: [Data(id.bytes)]).map { try AnswerRow.record($0) }
        }
    }

    public func answers(before moment: Timestamp, limit: Int) async throws(StoreError) -> [IdempotentRequestID] {
        await clean(within: Self.laterCleaningTimeout)
        let sql = "SELECT id FROM answer WHERE created_at < ? ORDER BY created_at LIMIT ?"
        return try await read { db in
            let statement = try db.cachedStatement(sql: sql)
            return try Row.fetchAll(statement, arguments: [moment.milliseconds, max(0, limit)]).map { row in
                IdempotentRequestID(bytes: try RowReader(row, record: "a stored answer").blob("id", count: 32))
            }
        }
    }

    public func deleteAnswers(_ ids: [IdempotentRequestID], state: StateChange) async throws(StoreError) {
        try await write { db in
            for id in ids { try db.run("DELETE FROM answer WHERE id = ?", [Data(id.bytes)]) }
            try StateRow.apply(state, in: db)
        }
    }
}
