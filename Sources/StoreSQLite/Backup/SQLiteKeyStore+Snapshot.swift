import Foundation
import GRDB
internal import KeyManagement

extension SQLiteKeyStore {
    /// Copies the store in the file at `path` as of one moment, while others use it.
    ///
    /// Writers wait only while `atMoment` runs. Nothing changes in that time, so that what `atMoment` records, such as the end of the audit
    /// chain, is of the same moment.
    ///
    /// - Parameters:
    ///   - path: the file of the store.
    ///   - destination: a file that does not exist. It gets mode 0600 and the whole store.
    ///   - busyTimeout: the longest time that a call waits for another connection's lock.
    ///   - atMoment: called at the moment that the copy shows, while nobody can write.
    ///   - progress: called at intervals with the number of pages copied, and the total.
    /// - Throws: ``StoreOpenError``, or an error of `atMoment`. The destination then does not exist.
    package static func copy(
        _ path: String, to destination: String, busyTimeout: Duration = .seconds(5),
        atMoment: () throws -> Void, progress: @escaping (_ done: Int, _ total: Int) -> Void
    ) throws {
        guard try binding(at: path, busyTimeout: busyTimeout) != nil else {
            throw StoreOpenError.notAKeyStore(path: path)
        }
        guard try DatabaseFile.prepare(destination, access: .create) else {
            throw StoreOpenError.inaccessible(path: destination, reason: "it exists already; it is not overwritten")
        }
        do {
            let configuration = copyConfiguration(busyTimeout)
            let source = try DatabaseQueue(path: path, configuration: configuration)
            let target = try DatabaseQueue(path: destination, configuration: configuration)
            try source.inDatabase { source in
                try beginSnapshot(on: source, path, configuration, atMoment)
                defer { try? source.execute(sql: "ROLLBACK") }
                try target.inDatabase { target in
                    try source.backup(to: target, pagesPerStep: 256) { step in
                        progress(step.completedPageCount, step.totalPageCount)
                    }
                    // One file, without a log beside it.
                    try target.execute(sql: "PRAGMA journal_mode = DELETE")
                }
            }
            try source.close()
            try target.close()
        } catch {
            DatabaseFile.remove(destination)
            throw error is DatabaseError ? StoreOpenError(error, path: path) : error
        }
    }

    /// Begins a transaction that reads the store as it is now, at a moment without writers.
    private static func beginSnapshot(
        on source: Database, _ path: String, _ configuration: Configuration, _ atMoment: () throws -> Void
    ) throws {
        let gate = try DatabaseQueue(path: path, configuration: configuration)
        try gate.inDatabase { gate in
            try gate.execute(sql: "BEGIN IMMEDIATE")
            defer { try? gate.execute(sql: "ROLLBACK") }
            try source.execute(sql: "BEGIN")
            // The snapshot begins with the first read.
            _ = try Int.fetchOne(source, sql: "SELECT count(*) FROM token_binding")
            try atMoment()
        }
        try gate.close()
    }

    private static func copyConfiguration(_ busyTimeout: Duration) -> Configuration {
        var configuration = Configuration()
        configuration.label = "hsm-kms.store.copy"
        configuration.allowsUnsafeTransactions = true
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA busy_timeout = \(busyTimeout.inMilliseconds)")
        }
        return configuration
    }
}
