import GRDB
package import KeyManagement

extension SQLiteKeyStore {
    /// The behaviour if there is no database.
    package enum Access: Hashable, Sendable {
        /// Make a database. An existing store is opened as it is.
        case create
        /// Fail.
        case existing
    }

    /// Opens the store in the file at `path`, and migrates its schema.
    ///
    /// A refused open changes nothing: a file that is not a store of this release or an earlier one is only read.
    ///
    /// - Parameters:
    ///   - path: the file of the store.
    ///   - access: the access that the connection needs.
    ///   - busyTimeout: the longest time that a call waits for another connection's lock.
    package static func open(
        path: String, access: Access, busyTimeout: Duration = .seconds(5)
    ) throws(StoreOpenError) -> SQLiteKeyStore {
        let isNew = try DatabaseFile.prepare(path, access: access)
        do throws(StoreOpenError) {
            if !isNew { _ = try inspect(path, access: access, busyTimeout: busyTimeout) }
            return try connect(path, busyTimeout: busyTimeout)
        } catch {
            if isNew { DatabaseFile.remove(path) }
            throw error
        }
    }

    /// Reads which token the store in the file at `path` belongs to, and changes nothing. The schema also stays as it is, until the store
    /// is known to be the one to serve.
    ///
    /// - Returns: nil if the store is not initialised.
    package static func binding(
        at path: String, busyTimeout: Duration = .seconds(5)
    ) throws(StoreOpenError) -> TokenBinding? {
        _ = try DatabaseFile.prepare(path, access: .existing)
        return try inspect(path, access: .existing, busyTimeout: busyTimeout)
    }

    /// Reads whether an existing file is a store that this release understands, and which token it belongs to.
    private static func inspect(
        _ path: String, access: Access, busyTimeout: Duration
    ) throws(StoreOpenError) -> TokenBinding? {
        let finding: Finding
        do {
            // Not opened as read-only, because such a connection would leave its log and index behind. `read` writes nothing either.
            let queue = try DatabaseQueue(path: path, configuration: configuration(busyTimeout: busyTimeout))
            finding = try queue.read { db in
                // An interrupted first start may have left nothing but the list of migrations.
                let others = "SELECT count(*) FROM sqlite_master WHERE tbl_name <> 'grdb_migrations'"
                if try Int.fetchOne(db, sql: others) == 0 { return .empty }
                guard try Int64.fetchOne(db, sql: "PRAGMA application_id") == Migrations.applicationID else {
                    return .foreign
                }
                if try Migrations.migrator.hasBeenSuperseded(db) { return .newer }
                let binding = try Row.fetchOne(db, sql: "SELECT \(TokenBindingRow.columns) FROM token_binding")
                return .known(try binding.map { try TokenBindingRow.record($0) })
            }
            try queue.close()
        } catch {
            throw StoreOpenError(error, path: path)
        }
        switch (finding, access) {
        case (.known(let binding), _): return binding
        case (.empty, .create): return nil
        case (.empty, .existing), (.foreign, _): throw .notAKeyStore(path: path)
        case (.newer, _): throw .newerSchema(path: path)
        }
    }

    private enum Finding {
        case empty, known(TokenBinding?), foreign, newer
    }

    private static func connect(_ path: String, busyTimeout: Duration) throws(StoreOpenError) -> SQLiteKeyStore {
        do {
            let pool = try DatabasePool(path: path, configuration: configuration(busyTimeout: busyTimeout))
            try pool.writeWithoutTransaction { db in
                // GRDB sets NORMAL for a write-ahead log, after its hook for preparations, so a commit could be lost in a power failure.
                // FULL waits for the disk at each commit.
                try db.execute(sql: "PRAGMA synchronous = FULL")
                // SQLite opens a file without write permission for reading, and reports no error.
                try db.inTransaction(.immediate) { .rollback }
            }
            try Migrations.run(on: pool)
            var watching = configuration(busyTimeout: busyTimeout)
            watching.readonly = true
            watching.label = "hsm-kms.store.watcher"
            let watcher = try DatabaseQueue(path: path, configuration: watching)
            let store = SQLiteKeyStore(pool: pool, watcher: watcher, file: try DatabaseFile(path: path))
            try store.resumeCleaning()
            return store
        } catch {
            throw StoreOpenError(error, path: path)
        }
    }

    private static func configuration(busyTimeout: Duration) -> Configuration {
        var configuration = Configuration()
        configuration.label = "hsm-kms.store"
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase { db in
            // Set here, because GRDB's own setting does not reach the readers of a pool.
            try db.execute(sql: "PRAGMA busy_timeout = \(busyTimeout.inMilliseconds)")
            // The blob of a destroyed version must not remain in free pages.
            try db.execute(sql: "PRAGMA secure_delete = ON")
            // Nor may the blobs remain in a temporary file of VACUUM elsewhere.
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
        }
        return configuration
    }
}

extension StoreOpenError {
    /// Maps any error of opening a database.
    init(_ error: any Error, path: String) {
        switch error {
        case let error as StoreOpenError: self = error
        case let error as DatabaseError:
            switch error.resultCode {
            case .SQLITE_NOTADB, .SQLITE_CORRUPT: self = .notADatabase(path: path)
            case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path)
            default:
                self = .inaccessible(
                    path: path,
                    reason: "\(error.message ?? "no message"), SQLite code \(error.extendedResultCode.rawValue)")
            }
        default: self = .inaccessible(path: path, reason: "\(error)")
        }
    }
}
