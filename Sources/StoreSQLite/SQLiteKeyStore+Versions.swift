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
        // One more than the largest number there is.
        let end = cursor.map { Int64($0.value) } ?? Int64(UInt32.max) + 1
        return try await read { db in
            let statement = try db.cachedStatement(sql: sql)
            let rows = try Row.fetchAll(statement, arguments: [Data(key.bytes), end, max(0, limit)])
            return try rows.map { try VersionRow.record($0) }
        }
    }

    /// One version of a key; nil when there is none.
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

    /// Adds up the rows of a key's versions, by the index alone: 10,000 versions take about a millisecond.
    static let tallySQL = """
        SELECT state, count(*) AS versions, sum(state_counter) AS transitions, max(number) AS latest
        FROM version WHERE key_id = ? GROUP BY state
        """

    static func tally(of key: KeyID, in db: Database) throws -> VersionTally {
        let record = "the versions of key \(key)"
        let rows: [Row]
        do {
            rows = try Row.fetchAll(db.cachedStatement(sql: tallySQL), arguments: [Data(key.bytes)])
        } catch let error as DatabaseError where error.resultCode == .SQLITE_ERROR {
            // No state counter that was counted up from 1 lets the sum overflow.
            throw StoreError.malformed(record)
        }
        var counts: [VersionState: UInt32] = [:]
        var active: VersionNumber?
        var transitions: UInt64 = 0
        for row in rows {
            let reader = RowReader(row, record: record)
            let state: VersionState = try reader.member("state")
            let count: UInt32 = try reader.integer("versions")
            counts[state] = count
            let (sum, overflow) = transitions.addingReportingOverflow(try reader.integer("transitions"))
            guard !overflow else { throw reader.malformed("state_counter") }
            transitions = sum
            guard state == .active else { continue }
            guard count == 1, let number = VersionNumber(try reader.integer("latest")) else {
                throw reader.malformed("more than one is active")
            }
            active = number
        }
        return VersionTally(
            active: active, deactivated: counts[.deactivated, default: 0],
            pendingDestruction: counts[.pendingDestruction, default: 0], destroyed: counts[.destroyed, default: 0],
            transitions: transitions)
    }
}
