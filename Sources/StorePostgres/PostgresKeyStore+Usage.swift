package import KeyManagement

// Counts and times of uses, which are not sealed.
extension PostgresKeyStore {
    package func add(_ uses: [DailyUse]) async throws(StoreError) {
        // The version must exist; uses of a version that was deleted meanwhile are dropped. A count stops growing at 2^62.
        let sql = """
            INSERT INTO kms.version_use AS old (key_id, number, day, produced, consumed, last_at)
            SELECT $1::bytea, $2::bigint, $3::bigint, $4::bigint, $5::bigint, $6::bigint
            WHERE EXISTS (SELECT 1 FROM kms.document WHERE kind = 'version' AND place = $7 FOR KEY SHARE)
            ON CONFLICT (key_id, number, day) DO UPDATE SET
                produced = CASE WHEN old.produced > \(Self.largeCount) THEN old.produced ELSE old.produced + excluded.produced END,
                consumed = CASE WHEN old.consumed > \(Self.largeCount) THEN old.consumed ELSE old.consumed + excluded.consumed END,
                last_at = greatest(old.last_at, excluded.last_at)
            """
        var steps: [TransactionStep] = []
        // Always in the same order, so that no two nodes wait for each other's rows.
        for use in uses.sorted(by: { $0.orderedPlace.lexicographicallyPrecedes($1.orderedPlace) }) {
            let name = "the uses of \(use.version)"
            steps.append(
                TransactionStep(
                    Statement(
                        sql, .bytes(use.version.key.bytes), .integer(use.version.number.value), .integer(use.day),
                        .integer(try Self.exact(use.produced, "produced", of: name)),
                        .integer(try Self.exact(use.consumed, "consumed", of: name)),
                        .integer(use.lastAt.milliseconds), .bytes(use.version.place.bytes))))
        }
        _ = try await transact(steps)
    }

    package func uses(of version: VersionID, since day: Int64) async throws(StoreError) -> UsageSummary {
        let statement = Statement(
            """
            SELECT least(coalesce(sum(produced), 0), \(Int64.max))::bigint, least(coalesce(sum(consumed), 0), \(Int64.max))::bigint,
                max(last_at)
            FROM kms.version_use WHERE key_id = $1 AND number = $2 AND day >= $3
            """, .bytes(version.key.bytes), .integer(version.number.value), .integer(day))
        return try await read(statement) { rows throws(StoreError) in
            try rows.first("the uses of \(version)") { row throws(StoreError) in
                UsageSummary(
                    produced: try row.integer(0), consumed: try row.integer(1), lastAt: try row.optionalTime(2))
            } ?? .none
        }
    }

    package func deleteUses(before day: Int64) async throws(StoreError) {
        let (time, isTooLarge) = day.multipliedReportingOverflow(by: 86_400_000)
        guard !isTooLarge else { throw .malformed("the day \(day)") }
        // Read first, so that a store where nothing is due is not written to.
        let question = Statement(
            """
            SELECT (EXISTS (SELECT 1 FROM kms.version_use WHERE day < $1)
                OR EXISTS (SELECT 1 FROM kms.key_use WHERE last_at < $2)
                OR EXISTS (SELECT 1 FROM kms.change WHERE at < now() - interval '1 hour'))::integer::bigint
            """, .integer(day), .integer(time))
        guard try await read(question, { rows throws(StoreError) in rows.integer(0, 0) == 1 }) else { return }
        _ = try await transact([
            TransactionStep(Statement("DELETE FROM kms.version_use WHERE day < $1", .integer(day))),
            TransactionStep(Statement("DELETE FROM kms.key_use WHERE last_at < $1", .integer(time))),
        ])
        _ = try await transact([Self.pruning])
    }

    package func add(_ uses: [KeyUse]) async throws(StoreError) {
        let sql = """
            INSERT INTO kms.key_use AS old (key_id, subject, verb, count, last_at)
            SELECT $1::bytea, $2::text, $3::text, $4::bigint, $5::bigint
            WHERE EXISTS (SELECT 1 FROM kms.document WHERE kind = 'key' AND place = $1 FOR KEY SHARE)
            ON CONFLICT (key_id, subject, verb) DO UPDATE SET
                count = CASE WHEN old.count > \(Self.largeCount) THEN old.count ELSE old.count + excluded.count END,
                last_at = greatest(old.last_at, excluded.last_at)
            """
        var steps: [TransactionStep] = []
        for use in uses.sorted(by: { $0.orderedPlace.lexicographicallyPrecedes($1.orderedPlace) }) {
            steps.append(
                TransactionStep(
                    Statement(
                        sql, .bytes(use.key.bytes), .text(use.subject.text), .text(use.verb.rawValue),
                        .integer(try Self.exact(use.count, "count", of: "the uses of key \(use.key)")),
                        .integer(use.lastAt.milliseconds))))
        }
        _ = try await transact(steps)
    }

    package func uses(of key: KeyID, limit: Int) async throws(StoreError) -> [KeyUse] {
        let statement = Statement(
            "SELECT subject, verb, count, last_at FROM kms.key_use WHERE key_id = $1 ORDER BY last_at DESC LIMIT $2",
            .bytes(key.bytes), .integer(max(0, limit)))
        return try await read(statement) { rows throws(StoreError) in
            try rows.map("the uses of key \(key)") { row throws(StoreError) -> KeyUse? in
                // A verb of a later release, in a store that was used by one.
                guard let verb = Verb(rawValue: try row.text(1)) else { return nil }
                guard let subject = try? SubjectID(try row.text(0)) else { throw row.malformed(0) }
                return KeyUse(
                    key: key, subject: subject, verb: verb, count: try row.integer(2), lastAt: try row.time(3))
            }.compactMap(\.self)
        }
    }

    package func noteUses(_ uses: [CredentialHash: Timestamp]) async throws(StoreError) {
        let sql = """
            INSERT INTO kms.credential_use AS old (hash, last_at) VALUES ($1, $2)
            ON CONFLICT (hash) DO UPDATE SET last_at = greatest(old.last_at, excluded.last_at)
            """
        let sorted = uses.sorted { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }
        _ = try await transact(
            sorted.map { TransactionStep(Statement(sql, .bytes($0.key.bytes), .integer($0.value.milliseconds))) })
    }

    package func lastUse(of credential: CredentialHash) async throws(StoreError) -> Timestamp? {
        let statement = Statement("SELECT last_at FROM kms.credential_use WHERE hash = $1", .bytes(credential.bytes))
        return try await read(statement) { rows throws(StoreError) in
            try rows.first("the last use of a credential") { row throws(StoreError) in try row.time(0) }
        }
    }

    /// Deletes changes that every running process has seen, a part at a time. A process that has not asked for an hour takes everything
    /// for changed.
    private static let pruning = TransactionStep(
        Statement(
            """
            WITH gone AS (
                DELETE FROM kms.change WHERE ctid = ANY (ARRAY(
                    SELECT ctid FROM kms.change WHERE at < now() - interval '1 hour' ORDER BY at LIMIT 20000))
                RETURNING xid)
            UPDATE kms.change_floor SET xid = greatest(xid, (SELECT max(xid) FROM gone))
            WHERE EXISTS (SELECT 1 FROM gone)
            """))

    /// 2^62: two such counts can be added.
    private static let largeCount: Int64 = 1 << 62

    /// Converts a number for PostgreSQL, whose integers are signed; throws if it does not fit.
    private static func exact(_ number: UInt64, _ column: String, of record: String) throws(StoreError) -> Int64 {
        guard let stored = Int64(exactly: number) else { throw .malformed("\(record) (\(column))") }
        return stored
    }
}

extension DailyUse {
    /// The primary key, as bytes in some fixed order.
    fileprivate var orderedPlace: [UInt8] { version.place.bytes + Array("\(day)".utf8) }
}

extension KeyUse {
    /// The primary key, as bytes in some fixed order.
    fileprivate var orderedPlace: [UInt8] { key.bytes + Array("\(subject.text)\0\(verb.rawValue)".utf8) }
}
