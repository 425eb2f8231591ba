import Encodings
import GRDB
public import KeyManagement

/// Reads a store in a file of its own, a copy that nothing else uses. The file is neither changed nor migrated.
extension SQLiteKeyStore {
    /// Returns the token that the store belongs to; nil if it is not initialised.
    public static func binding(ofCopy path: String) throws(StoreOpenError) -> TokenBinding? {
        try readCopy(path) { db in
            let row = try Row.fetchOne(db, sql: "SELECT \(TokenBindingRow.columns) FROM token_binding")
            return try row.map { try TokenBindingRow.record($0) }
        }
    }

    /// Returns the defects of the database, in SQLite's words; empty if there are none.
    public static func findings(inCopy path: String) throws(StoreOpenError) -> [String] {
        try readCopy(path) { db in
            var findings = try String.fetchAll(db, sql: "PRAGMA integrity_check(20)").filter { $0 != "ok" }
            for row in try Row.fetchAll(db, sql: "PRAGMA foreign_key_check") {
                findings.append("a row of \(row[0] as String? ?? "?") refers to nothing")
            }
            return findings
        }
    }

    /// Returns the number of keys, and the number of versions in each state.
    public static func counts(inCopy path: String) throws(StoreOpenError) -> (keys: Int, versions: [String: Int]) {
        try readCopy(path) { db in
            let keys = try Int.fetchOne(db, sql: #"SELECT count(*) FROM "key""#) ?? 0
            let rows = try Row.fetchAll(db, sql: "SELECT state, count(*) FROM version GROUP BY state")
            return (keys, Dictionary(uniqueKeysWithValues: rows.map { ($0[0] as String, $0[1] as Int) }))
        }
    }

    /// Returns the SHA-256 of each wrapped key under an epoch, in hexadecimal.
    public static func digests(
        inCopy path: String, under epoch: RootEpoch
    ) throws(StoreOpenError) -> [String] {
        try readCopy(path) { db in
            let documents = try Row.fetchAll(
                db, sql: "SELECT \(DirectoryRow.columns) FROM directory WHERE kind = ?",
                arguments: [DirectoryKind.accessKey.rawValue])
            let secrets = try documents.compactMap { try DirectoryRow.record($0).unverified.wrapped }
            return try ["version", "import_job"].flatMap { table in
                let sql = "SELECT wrap_mechanism, wrap_epoch, wrapped_key FROM \(table) WHERE wrap_epoch = ?"
                return try Row.fetchAll(db, sql: sql, arguments: [epoch.number]).map { row in
                    Hexadecimal.text(try RowReader(row, record: "a wrapped key").wrappedKey().digest)
                }
            } + secrets.filter { $0.epoch == epoch }.map { Hexadecimal.text($0.digest) }
        }
    }

    private static func readCopy<Result>(
        _ path: String, _ body: (Database) throws -> Result
    ) throws(StoreOpenError) -> Result {
        do {
            var configuration = Configuration()
            configuration.readonly = true
            return try DatabaseQueue(path: path, configuration: configuration).read(body)
        } catch {
            throw StoreOpenError(error, path: path)
        }
    }
}
