import Foundation
import GRDB
public import KeyManagement

extension SQLiteKeyStore {
    public func keysDueForRotation(by moment: Timestamp, limit: Int) async throws(StoreError) -> [KeyID] {
        // Disabled and imported keys are left out, because they would precede all others forever.
        let sql = """
            SELECT id FROM "key" WHERE rotation_due_at <= ? AND availability = 'enabled' AND origin = 'generated'
                AND EXISTS (SELECT 1 FROM version WHERE key_id = "key".id AND state = 'active')
            ORDER BY rotation_due_at LIMIT ?
            """
        return try await read { db in
            let statement = try db.cachedStatement(sql: sql)
            let rows = try Row.fetchAll(statement, arguments: [moment.milliseconds, max(0, limit)])
            return try rows.map { try KeyRow.id($0) }
        }
    }

    public func keysDueForDeletion(by moment: Timestamp, limit: Int) async throws(StoreError) -> [KeyID] {
        try await keys(whose: "deletion_due_at", by: moment, limit: limit)
    }

    public func keysWithExpiredMaterial(by moment: Timestamp, limit: Int) async throws(StoreError) -> [KeyID] {
        let sql = """
            SELECT id, min(due) FROM (
                SELECT id, material_expires_at AS due FROM "key" WHERE material_expires_at <= :moment
                UNION ALL
                SELECT key_id, material_expires_at FROM version
                    WHERE material_expires_at <= :moment AND wrapped_key IS NOT NULL
            ) GROUP BY id ORDER BY min(due) LIMIT :limit
            """
        return try await read { db in
            let statement = try db.cachedStatement(sql: sql)
            let rows = try Row.fetchAll(
                statement, arguments: ["moment": moment.milliseconds, "limit": max(0, limit)])
            return try rows.map { try KeyRow.id($0) }
        }
    }

    private func keys(whose column: String, by moment: Timestamp, limit: Int) async throws(StoreError) -> [KeyID] {
        let sql = "SELECT id FROM \"key\" WHERE \(column) <= ? ORDER BY \(column) LIMIT ?"
        return try await read { db in
            let statement = try db.cachedStatement(sql: sql)
            let rows = try Row.fetchAll(statement, arguments: [moment.milliseconds, max(0, limit)])
            return try rows.map { try KeyRow.id($0) }
        }
    }

    public func versionsDueForDestruction(by moment: Timestamp, limit: Int) async throws(StoreError) -> [VersionID] {
        let sql = """
            SELECT key_id, number FROM version WHERE destroy_due_at <= ? ORDER BY destroy_due_at LIMIT ?
            """
        return try await read { db in
            let statement = try db.cachedStatement(sql: sql)
            let rows = try Row.fetchAll(statement, arguments: [moment.milliseconds, max(0, limit)])
            return try rows.map { try VersionRow.id($0) }
        }
    }
}
