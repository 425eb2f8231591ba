import GRDB
import KeyManagement
import Synchronization

// When a blob is erased, its bytes shall be in no file of the store. Three places may still have them:
//
// - The free space of the row's own page: `secure_delete` overwrites it.
// - The free space of other pages. SQLite moves rows between pages when it balances a tree, and does not always overwrite
//   the place where a row was. Such a copy outlives its row: it was seen for one blob in a thousand. VACUUM writes all
//   pages anew, from the rows that there are.
// - The write-ahead log, which has older copies of pages. A truncating checkpoint empties it, when nobody reads them.

/// What erased rows may have left in the files.
enum Residue: UInt8, AtomicRepresentable {
    case none
    /// In the log.
    case log
    /// In the pages of the database, and in the log.
    case pages
}

extension SQLiteKeyStore {
    /// How long the cleaning waits for readers and writers. Readers of the service are done by then; others, such as a
    /// backup, may take hours.
    static let firstCleaningTimeout = Duration.milliseconds(250)
    /// The same when it is tried again. Every write and every health check does that; none shall be held up for long.
    static let laterCleaningTimeout = Duration.milliseconds(10)

    /// Runs `body` in one transaction, and when it says that it erased something, cleans the files.
    ///
    /// Cleaning may fail, when somebody reads an older snapshot, or the disk is full. What was erased is committed all the same,
    /// so that is no failure of the change. Cleaning is tried again with the next write, health check, when the store is closed,
    /// and when it is opened again.
    func erase(_ body: @Sendable (Database) throws -> Bool) async throws(StoreError) {
        let hasErased = try await commitErasure(body)
        await clean(within: hasErased ? Self.firstCleaningTimeout : Self.laterCleaningTimeout)
    }

    /// The transaction alone, as a crash right after it leaves the store.
    func commitErasure(_ body: @Sendable (Database) throws -> Bool) async throws(StoreError) -> Bool {
        try await transaction { db in
            guard try body(db) else { return false }
            // Committed with the change, so that whoever opens the store after a crash knows.
            try db.setCleaningMark(.random(in: 1...Int32.max))
            residue.store(.pages, ordering: .sequentiallyConsistent)
            return true
        }
    }

    /// Cleans the files of what was erased, and not cleaned away, when the store was open before.
    func resumeCleaning() throws {
        try pool.writeWithoutTransaction { db in
            residue.store(try db.cleaningMark == 0 ? .log : .pages, ordering: .sequentiallyConsistent)
            _ = try? clean(db, within: Self.laterCleaningTimeout)
        }
    }

    /// Cleans the files when there may be something in them.
    func clean(within timeout: Duration) async {
        guard residue.load(ordering: .sequentiallyConsistent) != .none else { return }
        _ = try? await pool.writeWithoutTransaction { db in try self.clean(db, within: timeout) }
    }

    /// Cleans the files, on the writer, where nothing can be erased at the same time by this store.
    func clean(_ db: Database, within timeout: Duration) throws {
        try db.withBusyTimeout(timeout) {
            if residue.load(ordering: .sequentiallyConsistent) == .pages {
                let mark = try db.cleaningMark
                try db.execute(sql: "VACUUM")
                residue.store(.log, ordering: .sequentiallyConsistent)
                // Unless another process has erased something since: then it is for that one to clean, or for the next start.
                try db.inTransaction(.immediate) {
                    if try db.cleaningMark == mark { try db.setCleaningMark(0) }
                    return .commit
                }
            }
            if residue.load(ordering: .sequentiallyConsistent) == .log {
                try db.checkpoint(.truncate)
                residue.store(.none, ordering: .sequentiallyConsistent)
            }
        }
    }
}

extension Database {
    /// Not 0 when rows were erased, and not all copies of them yet: the number is another one each time.
    ///
    /// It stands in the header of the database (`user_version`), which nobody else uses.
    var cleaningMark: Int32 {
        get throws { try Int32.fetchOne(self, sql: "PRAGMA user_version") ?? 0 }
    }

    func setCleaningMark(_ mark: Int32) throws {
        try execute(sql: "PRAGMA user_version = \(mark)")
    }

    fileprivate func withBusyTimeout(_ timeout: Duration, _ body: () throws -> Void) throws {
        let usual = try Int.fetchOne(self, sql: "PRAGMA busy_timeout") ?? 0
        try execute(sql: "PRAGMA busy_timeout = \(min(usual, timeout.inMilliseconds))")
        defer { try? execute(sql: "PRAGMA busy_timeout = \(usual)") }
        try body()
    }
}

extension Duration {
    var inMilliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
    }
}
