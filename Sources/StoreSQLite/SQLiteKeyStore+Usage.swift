import Foundation
import GRDB
public import KeyManagement

extension SQLiteKeyStore {
    public func usage(of version: VersionID) async throws(StoreError) -> Sealed<UsageRecord>? {
        let sql = "SELECT \(UsageRow.columns) FROM version_usage WHERE key_id = ? AND number = ?"
        return try await read { db in
            let statement = try db.cachedStatement(sql: sql)
            let row = try Row.fetchOne(statement, arguments: [Data(version.key.bytes), version.number.value])
            return try row.map { try UsageRow.record($0) }
        }
    }

    public func reserve(_ reservations: [UsageReservation], state: StateChange) async throws(StoreError) {
        try await write { db in
            for reservation in reservations {
                var arguments = try UsageRow.arguments(of: reservation.record)
                guard reservation.from > 0 else {
                    // An existing row, or a deleted version, is a conflict.
                    try db.run(UsageRow.insert, arguments)
                    continue
                }
                let name = reservation.record.unverified.sealedName
                arguments += ["from": try exact(reservation.from, "reserved", of: name)]
                try db.run(UsageRow.update, arguments)
                try db.requireOneChange()
            }
            try StateRow.apply(state, in: db)
        }
    }

    public func add(_ uses: [DailyUse]) async throws(StoreError) {
        // The version must exist; uses of a version that was deleted meanwhile are dropped.
        let sql = """
            INSERT INTO daily_use (key_id, number, day, produced, consumed, last_at)
            SELECT key_id, number, :day, :produced, :consumed, :last_at FROM version
            WHERE key_id = :key_id AND number = :number
            ON CONFLICT (key_id, number, day) DO UPDATE SET
                produced = produced + excluded.produced, consumed = consumed + excluded.consumed,
                last_at = max(last_at, excluded.last_at)
            """
        try await write { db in
            for use in uses {
                let name = "the uses of \(use.version)"
                try db.run(
                    sql,
                    [
                        "key_id": Data(use.version.key.bytes), "number": use.version.number.value, "day": use.day,
                        "produced": try exact(use.produced, "produced", of: name),
                        "consumed": try exact(use.consumed, "consumed", of: name),
                        "last_at": use.lastAt.milliseconds,
                    ])
            }
        }
    }

    public func uses(of version: VersionID, since day: Int64) async throws(StoreError) -> UsageSummary {
        let sql = """
            SELECT coalesce(sum(produced), 0) AS produced, coalesce(sum(consumed), 0) AS consumed,
                max(last_at) AS last_at
            FROM daily_use WHERE key_id = ? AND number = ? AND day >= ?
            """
        return try await read { db in
            let statement = try db.cachedStatement(sql: sql)
            let arguments: StatementArguments = [Data(version.key.bytes), version.number.value, day]
            guard let row = try Row.fetchOne(statement, arguments: arguments) else { return .none }
            let reader = RowReader(row, record: "the uses of \(version)")
            return UsageSummary(
                produced: try reader.integer("produced"), consumed: try reader.integer("consumed"),
                lastAt: try reader.optionalTime("last_at"))
        }
    }

    public func deleteUses(before day: Int64) async throws(StoreError) {
        await clean(within: Self.laterCleaningTimeout)
        // Read first, so that a store where nothing is due is not written to.
        let oldest = try await read { db in
            try Int64.fetchOne(db.cachedStatement(sql: "SELECT min(day) FROM daily_use"))
        }
        guard let oldest, oldest < day else { return }
        try await write { db in try db.run("DELETE FROM daily_use WHERE day < ?", [day]) }
    }
}
