import Foundation
import GRDB
package import KeyManagement
import Synchronization

/// The embedded store: one SQLite database in a file, which other processes may have open at the same time.
///
/// Commits are on disk when a call returns (`synchronous = FULL`, write-ahead log). Erased data leaves no trace in the files
/// (``markErasure(in:)``), and only its owner can read a new database.
package final class SQLiteKeyStore: KeyStore {
    /// One writer, and readers that see the last commit as of the moment when they begin.
    let pool: DatabasePool
    /// A connection that only watches for commits of all other connections, including those of this process.
    let watcher: DatabaseQueue
    /// The file that was opened, to detect its replacement.
    let file: DatabaseFile
    /// The remains that erased rows may have left in the files.
    let residue = Atomic<Residue>(.none)

    init(pool: DatabasePool, watcher: DatabaseQueue, file: DatabaseFile) {
        self.pool = pool
        self.watcher = watcher
        self.file = file
    }

    /// Closes all connections. Every later call fails.
    package func close() throws(StoreError) {
        do {
            try watcher.close()
            // Makes the one file the whole store. If another connection is reading it, the log stays, and the last connection to close
            // cleans up.
            _ = try? pool.writeWithoutTransaction { db in
                try clean(db, within: Self.firstCleaningTimeout)
                try db.checkpoint(.truncate)
            }
            try pool.close()
        } catch {
            throw StoreError(sqlite: error)
        }
    }

    package func changeMark() async throws(StoreError) -> Int64 {
        try file.checkIdentity()
        let mark = try await catching {
            try await self.watcher.unsafeRead { db in
                try Int64.fetchOne(db.cachedStatement(sql: "PRAGMA data_version"))
            }
        }
        guard let mark else { throw .unavailable("SQLite has no data version") }
        return mark
    }

    /// Reads a row, begins and abandons a write, and checks that the file exists and has room.
    package func checkHealth() async throws(StoreError) {
        try file.check()
        _ = try await read { db in
            try Int.fetchOne(db.cachedStatement(sql: "SELECT count(*) FROM token_binding"))
        }
        try await catching {
            try await self.pool.writeWithoutTransaction { db in
                try db.inTransaction(.immediate) { .rollback }
            }
        }
        await clean(within: Self.laterCleaningTimeout)
    }

    /// Runs `body` on one snapshot of the database.
    func read<Result: Sendable>(_ body: @Sendable (Database) throws -> Result) async throws(StoreError) -> Result {
        try await catching { try await self.pool.read(body) }
    }

    /// Runs `body` in one transaction, which is committed if `body` returns and rolled back if it throws.
    func write<Result: Sendable>(_ body: @Sendable (Database) throws -> Result) async throws(StoreError) -> Result {
        let result = try await transaction(body)
        await clean(within: Self.laterCleaningTimeout)
        return result
    }

    /// Runs a transaction as ``write(_:)`` does, without cleaning up after earlier erasures.
    func transaction<Result: Sendable>(
        _ body: @Sendable (Database) throws -> Result
    ) async throws(StoreError) -> Result {
        let result = try await catching { try await self.pool.write(body) }
        // A commit to a file that can no longer be opened is not acknowledged.
        try file.checkIdentity()
        return result
    }

    private func catching<Result>(_ body: () async throws -> Result) async throws(StoreError) -> Result {
        do {
            return try await body()
        } catch {
            throw StoreError(sqlite: error)
        }
    }
}
