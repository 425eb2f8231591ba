import GRDB
import KeyManagement
import Synchronization

// An erased blob must not remain in any file of the store. Three places may still have its bytes:
//
// - The free space of the row's own page: `secure_delete` overwrites it.
// - The free space of other pages. SQLite moves rows between pages when it balances a tree, and does not always overwrite the former place
//   of a row. Such a copy outlives its row; it was seen for one blob in a thousand. VACUUM rewrites all pages from the existing rows.
// - The write-ahead log, which has older copies of pages. A truncating checkpoint empties it if no reader uses them.

/// The places where erased rows may remain in the files.
enum Residue: UInt8, AtomicRepresentable {
    case none
    /// The log.
    case log
    /// The pages of the database, and the log.
    case pages
}

extension SQLiteKeyStore {
    /// The longest time that cleaning waits for readers and writers. Readers of the service are done by then; others, such as a backup, may
    /// take hours.
    static let firstCleaningTimeout = Duration.milliseconds(250)
    /// The longest time that a repeated cleaning waits. It is short because every write and every health check repeats it.
    static let laterCleaningTimeout = Duration.milliseconds(10)

    /// Marks the files as not clean, in the transaction that erases something.
    ///
    /// Cleaning afterwards may fail if an older snapshot is being read, or if the disk is full. The erasure is committed all the same, so
    /// the change does not fail. Cleaning is retried with the next write or health check, when the store is closed, and when it is opened
    /// again.
    func markErasure(in db: Database) throws {
        // Committed with the change, so that the next open after a crash knows of it.
        try db.setCleaningMark(.random(in: 1...Int32.max))
        residue.store(.pages, ordering: .sequentiallyConsistent)
    }

    /// Runs a transaction that may erase something, without cleaning: the state that a crash right after it leaves.
    ///
    /// - Parameter body: returns true if it erased something.
    func commitErasure(_ body: @Sendable (Database) throws -> Bool) async throws(StoreError) -> Bool {
        try await transaction { db in
            guard try body(db) else { return false }
            try markErasure(in: db)
            return true
        }
    }

    /// Cleans the files of rows that were erased, but not cleaned away, when the store was open before.
    func resumeCleaning() throws {
        try pool.writeWithoutTransaction { db in
            residue.store(try db.cleaningMark == 0 ? .log : .pages, ordering: .sequentiallyConsistent)
            _ = try? clean(db, within: Self.laterCleaningTimeout)
        }
    }

    /// Cleans the files if they may have remains of erased rows.
    func clean(within timeout: Duration) async {
        guard residue.load(ordering: .sequentiallyConsistent) != .none else { return }
        _ = try? await pool.writeWithoutTransaction { db in try self.clean(db, within: timeout) }
    }

    /// Cleans the files on the writer connection, where this store cannot erase anything at the same time.
    func clean(_ db: Database, within timeout: Duration) throws {
        try db.withBusyTimeout(timeout) {
            if residue.load(ordering: .sequentiallyConsistent) == .pages {
                let mark = try db.cleaningMark
                try db.execute(sql: "VACUUM")
                residue.store(.log, ordering: .sequentiallyConsistent)
                // If another process has erased something since, that process or the next start cleans it.
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
    /// The mark of an erasure that is not cleaned up yet, another number each time; 0 if there is none.
    ///
    /// It is stored in the database header (`user_version`), which has no other use.
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
