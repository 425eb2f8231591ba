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
                produced = iif(produced > 1 << 62, produced, produced + excluded.produced),
                consumed = iif(consumed > 1 << 62, consumed, consumed + excluded.consumed),
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
            try Int64.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT min(day) FROM (
                            SELECT min(day) AS day FROM version_use
                            UNION ALL SELECT min(last_at) / 86400000 FROM key_use)
                        """))
        }
        guard let oldest, oldest < day else { return }
        try await write { db in
            try db.run("DELETE FROM version_use WHERE day < ?", [day])
            try db.run("DELETE FROM key_use WHERE last_at < ?", [day * 86_400_000])
        }
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

// The uses of keys by subject and verb, which are not sealed.
extension SQLiteKeyStore {
    /// Adds the table; its rows are gone with their key.
    @Sendable static func addKeyUses(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE key_use (
                    key_id BLOB NOT NULL CHECK (length(key_id) = 16),
                    subject TEXT NOT NULL CHECK (length(subject) BETWEEN 1 AND 1024),
                    verb TEXT NOT NULL CHECK (length(verb) BETWEEN 1 AND 64),
                    count INTEGER NOT NULL CHECK (count >= 0),
                    last_at INTEGER NOT NULL,
                    PRIMARY KEY (key_id, subject, verb)
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX key_use_last ON key_use (last_at);
                CREATE TRIGGER key_use_gone AFTER DELETE ON document WHEN old.kind = 'key' BEGIN
                    DELETE FROM key_use WHERE key_id = old.place;
                END;
                """)
    }

    package func add(_ uses: [KeyUse]) async throws(StoreError) {
        let sql = """
            INSERT INTO key_use (key_id, subject, verb, count, last_at)
            SELECT :key_id, :subject, :verb, :count, :last_at
            WHERE EXISTS (SELECT 1 FROM document WHERE kind = 'key' AND place = :key_id)
            ON CONFLICT (key_id, subject, verb) DO UPDATE SET
                count = iif(count > 1 << 62, count, count + excluded.count),
                last_at = max(last_at, excluded.last_at)
            """
        try await write { db in
            for use in uses {
                try db.run(
                    sql,
                    [
                        "key_id": Data(use.key.bytes), "subject": use.subject.text, "verb": use.verb.rawValue,
                        "count": try exact(use.count, "count", of: "the uses of key \(use.key)"),
                        "last_at": use.lastAt.milliseconds,
                    ])
            }
        }
    }

    package func uses(of key: KeyID, limit: Int) async throws(StoreError) -> [KeyUse] {
        try await read { db in
            let statement = try db.cachedStatement(
                sql: "SELECT subject, verb, count, last_at FROM key_use WHERE key_id = ? ORDER BY last_at DESC LIMIT ?")
            return try Row.fetchAll(statement, arguments: [Data(key.bytes), limit]).compactMap { row in
                let reader = RowReader(row, record: "the uses of key \(key)")
                // A verb of a later version, in a store that was used by one.
                guard let verb = Verb(rawValue: try reader.text("verb")) else { return nil }
                guard let subject = try? SubjectID(try reader.text("subject")) else {
                    throw reader.malformed("subject")
                }
                return KeyUse(
                    key: key, subject: subject, verb: verb,
                    count: try reader.integer("count"), lastAt: try reader.time("last_at"))
            }
        }
    }
}
