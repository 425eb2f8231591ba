import Encodings
import GRDB
package import KeyManagement

/// Reads a store in a file of its own, a copy that nothing else uses. The file is neither changed nor migrated.
extension SQLiteKeyStore {
    /// Returns the token that the store belongs to; nil if it is not initialised.
    package static func binding(ofCopy path: String) throws(StoreOpenError) -> TokenBinding? {
        try readCopy(path) { db in
            let row = try Row.fetchOne(db, sql: "SELECT \(TokenBindingRow.columns) FROM token_binding")
            return try row.map { try TokenBindingRow.record($0) }
        }
    }

    /// Returns the defects of the database, in SQLite's words; empty if there are none.
    package static func findings(inCopy path: String) throws(StoreOpenError) -> [String] {
        try readCopy(path) { db in
            var findings = try String.fetchAll(db, sql: "PRAGMA integrity_check(20)").filter { $0 != "ok" }
            for row in try Row.fetchAll(db, sql: "PRAGMA foreign_key_check") {
                findings.append("a row of \(row[0] as String? ?? "?") refers to nothing")
            }
            return findings
        }
    }

    /// Returns the number of keys, and the number of versions in each state.
    package static func counts(inCopy path: String) throws(StoreOpenError) -> (keys: Int, versions: [String: Int]) {
        try readDocuments(path) { db in
            let keys = try Int.fetchOne(db, sql: "SELECT count(*) FROM document WHERE kind = 'key'") ?? 0
            var versions: [String: Int] = [:]
            try records(in: db, "kind = 'version'") { record in
                guard case .version(let version) = record else { return }
                versions[version.unverified.state.rawValue, default: 0] += 1
            }
            return (keys, versions)
        }
    }

    /// Returns the SHA-256 of each wrapped key under an epoch, in hexadecimal.
    package static func digests(
        inCopy path: String, under epoch: RootEpoch
    ) throws(StoreOpenError) -> [String] {
        try readDocuments(path) { db in
            var digests: [String] = []
            try records(in: db, "wrap_epoch = \(epoch.number)") { record in
                if case .document(let document) = record, document.unverified.kind != .accessKey { return }
                if let wrapped = record.wrapped { digests.append(Hexadecimal.text(wrapped.digest)) }
            }
            return digests
        }
    }

    /// Calls `body` with each record that meets an SQL condition, in the order of their places. Records that are not well formed are left
    /// out; a check of the seals finds them.
    static func records(in db: Database, _ condition: String, _ body: (StoredRecord) throws -> Void) throws {
        let sql = "SELECT \(DocumentRow.columns) FROM document WHERE \(condition) ORDER BY kind, place"
        let rows = try Row.fetchCursor(db, sql: sql)
        while let row = try rows.next() {
            guard let record = try? StoredRecord(DocumentRow.document(row)) else { continue }
            try body(record)
        }
    }

    /// Runs `body` on a copy in the present schema. A copy of an earlier schema is migrated in memory.
    static func readDocuments<Result>(
        _ path: String, readOnly: Bool = true, _ body: (Database) throws -> Result
    ) throws(StoreOpenError) -> Result {
        do {
            let queue = try copyQueue(path, readOnly: readOnly)
            guard try !queue.read(Migrations.migrator.hasCompletedMigrations) else { return try queue.read(body) }
            let memory = try DatabaseQueue()
            try queue.backup(to: memory)
            try Migrations.migrator.migrate(memory)
            return try memory.read(body)
        } catch {
            throw StoreOpenError(error, path: path)
        }
    }

    private static func readCopy<Result>(
        _ path: String, _ body: (Database) throws -> Result
    ) throws(StoreOpenError) -> Result {
        do {
            return try copyQueue(path).read(body)
        } catch {
            throw StoreOpenError(error, path: path)
        }
    }

    private static func copyQueue(_ path: String, readOnly: Bool = true) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = readOnly
        return try DatabaseQueue(path: path, configuration: configuration)
    }
}
