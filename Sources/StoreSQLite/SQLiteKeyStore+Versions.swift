import Foundation
import GRDB
public import KeyManagement

extension SQLiteKeyStore {
    public func versions(
        of key: KeyID, before cursor: VersionNumber?, limit: Int
    ) async throws(StoreError) -> [Sealed<VersionRecord>] {
        let sql = """
            SELECT \(VersionRow.columns) FROM version WHERE key_id = ? AND number < ? ORDER BY number DESC LIMIT ?
            """
        // One more than the largest possible number.
        let end = cursor.map { Int64($0.value) } ?? Int64(UInt32.max) + 1
        return try await read { db in
            let statement = try db.cachedStatement(sql: sql)
            let rows = try Row.fetchAll(statement, arguments: [Data(key.bytes), end, max(0, limit)])
            return try rows.map { try VersionRow.record($0) }
        }
    }

    public func versions(
        of key: KeyID, with checkValue: CheckValue
    ) async throws(StoreError) -> [Sealed<VersionRecord>] {
        let sql = """
            SELECT \(VersionRow.columns) FROM version WHERE key_id = ? AND check_value = ? ORDER BY number DESC
            """
        return try await read { db in
            let statement = try db.cachedStatement(sql: sql)
            let rows = try Row.fetchAll(statement, arguments: [Data(key.bytes), Data(checkValue.bytes)])
            return try rows.map { try VersionRow.record($0) }
        }
    }

    /// Returns one version of a key; nil if there is none.
    static func version(
        _ choice: VersionChoice, of key: KeyID, in db: Database
    ) throws -> Sealed<VersionRecord>? {
        let select = "SELECT \(VersionRow.columns) FROM version WHERE key_id = ?"
        let row: Row?
        switch choice {
        case .none: return nil
        case .active:
            let statement = try db.cachedStatement(sql: "\(select) AND state = 'active'")
            row = try Row.fetchOne(statement, arguments: [Data(key.bytes)])
        case .number(let number):
            let statement = try db.cachedStatement(sql: "\(select) AND number = ?")
            row = try Row.fetchOne(statement, arguments: [Data(key.bytes), number.value])
        }
        return try row.map { try VersionRow.record($0) }
    }
}
