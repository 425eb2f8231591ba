import Foundation
import GRDB
public import KeyManagement

extension SQLiteKeyStore {
    public func alias(_ name: KeyName, in project: ProjectID) async throws(StoreError) -> Sealed<AliasRecord>? {
        let sql = "SELECT \(AliasRow.columns) FROM alias WHERE project_id = ? AND name = ?"
        return try await read { db in
            let statement = try db.cachedStatement(sql: sql)
            return try Row.fetchOne(statement, arguments: [project.text, name.text]).map { try AliasRow.record($0) }
        }
    }

    public func save(_ alias: Sealed<AliasRecord>, state: StateChange) async throws(StoreError) {
        let record = alias.unverified
        try await write { db in
            let statement = try db.cachedStatement(sql: "SELECT 1 FROM \"key\" WHERE project_id = ? AND name = ?")
            let isName = try Int.fetchOne(statement, arguments: [record.project.text, record.name.text]) != nil
            if isName { throw StoreError.nameTaken }
            let arguments = try AliasRow.arguments(of: alias)
            // A second row of that name violates the primary key; a missing key violates the reference. Both are conflicts.
            try db.run(record.revision == 1 ? AliasRow.insert : AliasRow.update, arguments)
            try db.requireOneChange()
            try StateRow.apply(state, in: db)
        }
    }

    public func deleteAlias(
        _ name: KeyName, in project: ProjectID, revision: UInt64, state: StateChange
    ) async throws(StoreError) {
        let revision = try exact(revision, "revision", of: "the alias \(name)")
        try await write { db in
            try db.run(
                "DELETE FROM alias WHERE project_id = ? AND name = ? AND revision = ?",
                [project.text, name.text, revision])
            try db.requireOneChange()
            try StateRow.apply(state, in: db)
        }
    }

    public func aliases(
        in project: ProjectID, of key: KeyID?, after cursor: KeyName?, limit: Int
    ) async throws(StoreError) -> [Sealed<AliasRecord>] {
        let condition = key == nil ? "" : "AND key_id = :key_id"
        // Every name sorts after the empty text.
        let sql = """
            SELECT \(AliasRow.columns) FROM alias WHERE project_id = :project_id AND name > :cursor \(condition)
            ORDER BY name LIMIT :limit
            """
        var arguments: StatementArguments = [
            "project_id": project.text, "cursor": cursor?.text ?? "", "limit": max(0, limit),
        ]
        if let key { arguments += ["key_id": Data(key.bytes)] }
        let all = arguments
        return try await read { db in
            try Row.fetchAll(db.cachedStatement(sql: sql), arguments: all).map { try AliasRow.record($0) }
        }
    }
}
