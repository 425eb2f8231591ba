import Foundation
import GRDB
public import KeyManagement

extension SQLiteKeyStore {
    public func insert(
        _ key: Sealed<KeyRecord>, versions: [Sealed<VersionRecord>], answer: Sealed<IdempotentAnswer>?,
        state: StateChange
    ) async throws(StoreError) {
        try await write { db in
            try Self.keep(answer, in: db)
            try Self.requireNoAlias(key.unverified, in: db)
            try Self.naming { try db.run(KeyRow.insert, try KeyRow.arguments(of: key)) }
            for version in versions { try VersionRow.write(version, by: VersionRow.insert, in: db) }
            try StateRow.apply(state, in: db)
        }
    }

    public func apply(_ change: KeyChange, state: StateChange) async throws(StoreError) {
        try await erase { db in
            try Self.keep(change.answer, in: db)
            try Self.requireNoAlias(change.key.unverified, in: db)
            try Self.naming { try db.run(KeyRow.update, try KeyRow.arguments(of: change.key)) }
            try db.requireOneChange()
            // The version that stops being active is written first, so that two are never active.
            for version in change.updated {
                try VersionRow.write(version, by: VersionRow.update, in: db)
            }
            for version in change.inserted { try VersionRow.write(version, by: VersionRow.insert, in: db) }
            try StateRow.apply(state, in: db)
            return change.updated.contains { $0.unverified.state == .destroyed }
        }
    }

    public func key(_ id: KeyID, with version: VersionChoice) async throws(StoreError) -> StoredKey? {
        try await read { db in
            let statement = try db.cachedStatement(sql: "SELECT \(KeyRow.columns) FROM \"key\" WHERE id = ?")
            guard let row = try Row.fetchOne(statement, arguments: [Data(id.bytes)]) else { return nil }
            return StoredKey(
                key: try KeyRow.record(row),
                version: try Self.version(version, of: id, in: db))
        }
    }

    public func keyID(named name: KeyName, in project: ProjectID) async throws(StoreError) -> KeyID? {
        try await read { db in
            let statement = try db.cachedStatement(sql: "SELECT id FROM \"key\" WHERE project_id = ? AND name = ?")
            return try Row.fetchOne(statement, arguments: [project.text, name.text]).map { try KeyRow.id($0) }
        }
    }

    public func keys(
        in project: ProjectID, after cursor: KeyName?, limit: Int
    ) async throws(StoreError) -> [Sealed<KeyRecord>] {
        // Every name sorts after the empty text.
        let sql = """
            SELECT \(KeyRow.columns) FROM "key" WHERE project_id = ? AND name > ? ORDER BY name LIMIT ?
            """
        return try await read { db in
            let statement = try db.cachedStatement(sql: sql)
            let rows = try Row.fetchAll(statement, arguments: [project.text, cursor?.text ?? "", max(0, limit)])
            return try rows.map { try KeyRow.record($0) }
        }
    }

    public func delete(
        _ key: KeyID, revision: UInt64, aliases: Int, leaving tombstone: Sealed<KeyTombstone>,
        answer: Sealed<IdempotentAnswer>?, state: StateChange
    ) async throws(StoreError) {
        let id = Data(key.bytes)
        let revision = try exact(revision, "revision", of: "key \(key)")
        try await erase { db in
            try Self.keep(answer, in: db)
            // Rows that refer to the key are deleted first. If the revision is not the expected one, the transaction is rolled back.
            try db.run("DELETE FROM alias WHERE key_id = ?", [id])
            // An alias was set or moved meanwhile.
            guard db.changesCount == aliases else { throw StoreError.conflict }
            for table in ["daily_use", "version_usage", "version"] {
                try db.run("DELETE FROM \(table) WHERE key_id = ?", [id])
            }
            try db.run("DELETE FROM \"key\" WHERE id = ? AND revision = ?", [id, revision])
            try db.requireOneChange()
            try db.run(TombstoneRow.insert, try TombstoneRow.arguments(of: tombstone))
            try StateRow.apply(state, in: db)
            return true
        }
    }

    public func tombstone(of key: KeyID) async throws(StoreError) -> Sealed<KeyTombstone>? {
        try await read { db in
            let sql = "SELECT \(TombstoneRow.columns) FROM tombstone WHERE key_id = ?"
            let statement = try db.cachedStatement(sql: sql)
            return try Row.fetchOne(statement, arguments: [Data(key.bytes)]).map { try TombstoneRow.record($0) }
        }
    }

    /// Checks that no alias has the name, because names and aliases of a project must not collide. Writers are serialised, so none is made
    /// meanwhile.
    private static func requireNoAlias(_ key: KeyRecord, in db: Database) throws {
        let statement = try db.cachedStatement(sql: "SELECT 1 FROM alias WHERE project_id = ? AND name = ?")
        let isTaken = try Int.fetchOne(statement, arguments: [key.project.text, key.name.text]) != nil
        if isTaken { throw StoreError.nameTaken }
    }

    /// Stores the answer to a request, before anything else. If the request was answered before, the earlier answer applies.
    private static func keep(_ answer: Sealed<IdempotentAnswer>?, in db: Database) throws {
        guard let answer else { return }
        do {
            try db.run(AnswerRow.insert, try AnswerRow.arguments(of: answer))
        } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_CONSTRAINT_PRIMARYKEY {
            throw StoreError.repeated
        }
    }

    /// Runs a statement that writes a key's row. Of the uniqueness constraints, it can only violate that of the name in its project. An id
    /// that exists already would violate the primary key, which has an error code of its own.
    private static func naming(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE {
            throw StoreError.nameTaken
        }
    }
}

extension Database {
    /// Runs one statement that is cached for reuse.
    func run(_ sql: String, _ arguments: StatementArguments) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }

    /// Fails if the previous statement found no row at the expected revision, because of a concurrent change.
    func requireOneChange() throws {
        guard changesCount == 1 else { throw StoreError.conflict }
    }
}
