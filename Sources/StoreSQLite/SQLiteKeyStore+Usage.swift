import Foundation
import GRDB
package import KeyManagement

// Counts and times of uses, which are not sealed.
extension SQLiteKeyStore {
    package func add(_ uses: [DailyUse]) async throws(StoreError) {
        // The version must exist; uses of a version that was deleted meanwhile are dropped.
        let sql = """
            INSERT INTO version_use (key_id, number, day, produced, consumed, last_at)
            SELECT :key_id, :number, :day, :produced, :consumed, :last_at
            WHERE EXISTS (SELECT 1 FROM document WHERE kind = 'version' AND place = :place)
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
                        "place": Data(use.version.place.bytes),
                        "produced": try exact(use.produced, "produced", of: name),
                        "consumed": try exact(use.consumed, "consumed", of: name),
                        "last_at": use.lastAt.milliseconds,
                    ])
            }
        }
    }

    package func uses(of version: VersionID, since day: Int64) async throws(StoreError) -> UsageSummary {
        let sql = """
            SELECT coalesce(sum(produced), 0) AS produced, coalesce(sum(consumed), 0) AS consumed,
                max(last_at) AS last_at
            FROM version_use WHERE key_id = ? AND number = ? AND day >= ?
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

    package func deleteUses(before day: Int64) async throws(StoreError) {
        await clean(within: Self.laterCleaningTimeout)
        // Read first, so that a store where nothing is due is not written to.
        let oldest = try await read { db in
            try Int64.fetchOne(db.cachedStatement(sql: "SELECT min(day) FROM version_use"))
        }
        guard let oldest, oldest < day else { return }
        try await write { db in try db.run("DELETE FROM version_use WHERE day < ?", [day]) }
    }

    package func noteUses(_ uses: [CredentialHash: Timestamp]) async throws(StoreError) {
        try await write { db in
            for (hash, time) in uses {
                try db.run(
                    """
                    INSERT INTO credential_use (hash, last_at) VALUES (:hash, :time)
                    ON CONFLICT (hash) DO UPDATE SET last_at = max(last_at, :time)
                    """, ["hash": Data(hash.bytes), "time": time.milliseconds])
            }
        }
    }

    package func lastUse(of credential: CredentialHash) async throws(StoreError) -> Timestamp? {
        try await read { db in
            let statement = try db.cachedStatement(sql: "SELECT last_at FROM credential_use WHERE hash = ?")
            return try Row.fetchOne(statement, arguments: [Data(credential.bytes)]).map {
                try RowReader($0, record: "the last use of a credential").time("last_at")
            }
        }
    }
}
