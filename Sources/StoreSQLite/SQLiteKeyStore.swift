import Foundation
import GRDB
public import KeyManagement
import Synchronization

/// The embedded store: one SQLite database in a file, which other processes may have open at the same time.
///
/// Commits are on disk when a call returns (`synchronous = FULL`, write-ahead log), what is erased leaves no trace in the
/// files (``erase(_:)``), and a new database can be read by its owner only.
public final class SQLiteKeyStore: KeyStore {
    /// One writer, and readers that see the last commit as of the moment when they begin.
    let pool: DatabasePool
    /// A connection that does nothing but watch for commits of all others, those of this process included.
    let watcher: DatabaseQueue
    /// Which file was opened, to notice when another takes its place.
    let file: DatabaseFile
    /// What erased rows may have left in the files.
    let residue = Atomic<Residue>(.none)

    init(pool: DatabasePool, watcher: DatabaseQueue, file: DatabaseFile) {
        self.pool = pool
        self.watcher = watcher
        self.file = file
    }

    /// Closes all connections. Every later call fails.
    public func close() throws(StoreError) {
        do {
            try watcher.close()
            // So that the one file is the whole store. When others read it right now, theirs is the last word, and the log stays.
            _ = try? pool.writeWithoutTransaction { db in
                try clean(db, within: Self.firstCleaningTimeout)
                try db.checkpoint(.truncate)
            }
            try pool.close()
        } catch {
            throw StoreError(sqlite: error)
        }
    }

    public func changeMark() async throws(StoreError) -> Int64 {
        try file.checkIdentity()
        let mark = try await catching {
            try await self.watcher.unsafeRead { db in
                try Int64.fetchOne(db.cachedStatement(sql: "PRAGMA data_version"))
            }
        }
        guard let mark else { throw .unavailable("SQLite has no data version") }
        return mark
    }

    /// Reads a row, begins and abandons a write, and looks whether the file is still there and has room.
    public func checkHealth() async throws(StoreError) {
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

    /// Runs `body` in one transaction, which is committed when `body` returns and undone when it throws.
    func write<Result: Sendable>(_ body: @Sendable (Database) throws -> Result) async throws(StoreError) -> Result {
        let result = try await transaction(body)
        await clean(within: Self.laterCleaningTimeout)
        return result
    }

    /// The same, without looking after what was erased before.
    func transaction<Result: Sendable>(
        _ body: @Sendable (Database) throws -> Result
    ) async throws(StoreError) -> Result {
        let result = try await catching { try await self.pool.write(body) }
        // What was committed to a file that nobody can open any more is not acknowledged.
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
