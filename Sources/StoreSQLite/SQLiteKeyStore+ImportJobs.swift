import Foundation
import GRDB
public import KeyManagement

extension SQLiteKeyStore {
    public func insert(_ job: Sealed<ImportJob>, state: StateChange) async throws(StoreError) {
        try await write { db in
            try db.run(ImportJobRow.insert, try ImportJobRow.arguments(of: job))
            try WrappedBlobRow.register(job.unverified.wrapped, of: .importJob(job.unverified.id), in: db)
            try StateRow.apply(state, in: db)
        }
    }

    public func importJob(_ id: ImportJobID) async throws(StoreError) -> Sealed<ImportJob>? {
        try await read { db in
            let statement = try db.cachedStatement(sql: "SELECT \(ImportJobRow.columns) FROM import_job WHERE id = ?")
            return try Row.fetchOne(statement, arguments: [Data(id.bytes)]).map { try ImportJobRow.record($0) }
        }
    }

    public func deleteImportJob(_ id: ImportJobID, state: StateChange) async throws(StoreError) {
        try await erase { db in
            try db.run("DELETE FROM import_job WHERE id = ?", [Data(id.bytes)])
            let hasErased = db.changesCount > 0
            try StateRow.apply(state, in: db)
            return hasErased
        }
    }

    public func importJobsExpired(by moment: Timestamp, limit: Int) async throws(StoreError) -> [ImportJobID] {
        let sql = "SELECT id FROM import_job WHERE expires_at <= ? ORDER BY expires_at LIMIT ?"
        return try await read { db in
            let statement = try db.cachedStatement(sql: sql)
            let rows = try Row.fetchAll(statement, arguments: [moment.milliseconds, max(0, limit)])
            return try rows.map { try ImportJobRow.id($0) }
        }
    }
}
