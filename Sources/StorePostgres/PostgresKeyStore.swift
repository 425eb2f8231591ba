package import KeyManagement
import Synchronization

/// The store in a PostgreSQL database, 15 or later, which several processes can use at the same time.
///
/// A commit is on disk, and on the synchronous standbys, when a call returns. Transactions are READ COMMITTED and optimistic: each
/// statement says which revision it expects, and the number of changed rows decides. Nothing outlives a transaction on a connection, so a
/// pooler in transaction mode can stand between.
///
/// Unlike with `SQLiteKeyStore`, erased rows remain in the files of the database until PostgreSQL's vacuum reuses their space, and in its
/// write-ahead log and backups for as long as those are kept. They are wrapped by a root key, whose destruction ends that.
package final class PostgresKeyStore: KeyStore {
    let pool: ConnectionPool
    private let feed = Mutex(Feed())

    init(pool: ConnectionPool) {
        self.pool = pool
    }

    /// Closes all connections. Every later call fails.
    package func close() async {
        await pool.close()
    }

    /// Checks that the server takes changes, which a standby does not.
    package func checkHealth() async throws(StoreError) {
        let check = Statement(
            """
            SELECT (SELECT count(*) FROM kms.token_binding),
                (pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean)::integer::bigint
            """)
        let isReadOnly = try await read(check) { rows throws(StoreError) in rows.integer(0, 1) != 0 }
        if isReadOnly {
            throw .unavailable("the database takes no changes: the server is a standby, or set to read-only")
        }
    }

    /// Runs one statement, which sees one snapshot of the database.
    func read<Result: Sendable>(
        _ statement: Statement, _ decode: @escaping @Sendable (ResultRows) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        try await pool.run { connection, deadline in
            try decode(connection.run(statement, by: deadline))
        }
    }

    /// Runs several statements on one snapshot of the database, in one round trip.
    func readAll<Result: Sendable>(
        _ statements: [Statement], _ decode: @escaping @Sendable ([ResultRows]) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        let batch = [Statement("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")] + statements + [Statement("COMMIT")]
        return try await pool.run { connection, deadline in
            let outcome = try connection.batch(batch, by: deadline)
            if let error = outcome.error {
                _ = try connection.run(Statement("ROLLBACK"), by: deadline)
                throw DatabaseFailure.refused(error)
            }
            return try decode(Array(outcome.rows.dropFirst().dropLast()))
        }
    }
}

// The feed of changes.
extension PostgresKeyStore {
    /// The part of the feed that this process has read.
    private struct Feed {
        /// The snapshot of the last question; `nil` before the first.
        var point: FeedPoint?
        var mark: Int64 = 0
    }

    /// A moment of one history of the database.
    private struct FeedPoint: Hashable {
        /// The server's timeline and the tables' identity. After a restore, or the promotion of a standby, earlier snapshots mean nothing.
        let history: String
        /// The snapshot, in the text form of `pg_snapshot`.
        let snapshot: String
    }

    package func changeMark() async throws(StoreError) -> Int64 {
        let last = feed.withLock { $0.point }
        // Against the snapshot of the last question, so that each change is seen once, however long other transactions last.
        let question = Statement(
            """
            WITH seen AS (SELECT $1::pg_snapshot AS snapshot), here AS (
                SELECT pg_current_snapshot() AS snapshot,
                    substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) || ' ' || 'kms.document'::regclass::oid::text
                        AS history)
            SELECT here.history, here.snapshot::text, (
                pg_snapshot_xmax(here.snapshot) < pg_snapshot_xmax(seen.snapshot)
                OR (SELECT xid FROM kms.change_floor) >= pg_snapshot_xmin(seen.snapshot)
                OR EXISTS (SELECT 1 FROM kms.change WHERE xid >= pg_snapshot_xmin(seen.snapshot) AND kind <> 'commit'
                    AND NOT pg_visible_in_snapshot(xid, seen.snapshot)))::integer::bigint
            FROM seen, here
            """, .text(last?.snapshot ?? "1:1:"))
        let (point, isChanged) = try await read(question) { rows throws(StoreError) in
            let reader = RowReader(rows, 0, record: "the feed of changes")
            return (FeedPoint(history: try reader.text(0), snapshot: try reader.text(1)), try reader.integer(2) != 0)
        }
        return feed.withLock { feed in
            if isChanged || point.history != last?.history { feed.mark += 1 }
            // A question that was asked earlier may be answered later; what it has seen is seen again then.
            if feed.point == last { feed.point = point }
            return feed.mark
        }
    }
}
