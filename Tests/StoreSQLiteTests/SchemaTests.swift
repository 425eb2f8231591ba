import Foundation
import GRDB
import KMSTesting
import KeyManagement
import Testing

@testable import StoreSQLite

@Suite("The schema")
struct SchemaTests {
    let directory: TemporaryDirectory
    let store: SQLiteKeyStore
    let sample: Sample

    init() async throws {
        directory = try TemporaryDirectory()
        store = try directory.open()
        sample = try Sample()
        try await sample.store(in: store)
    }

    @Test(
        "refuses values that cannot be",
        arguments: [
            "UPDATE token_binding SET only_row = 2",
            "INSERT INTO token_binding VALUES (2, 'l', 's', 1, zeroblob(32), 0, 0)",
            "UPDATE token_binding SET epoch = 0",
            "UPDATE token_binding SET epoch = 4294967296",
            "UPDATE token_binding SET check_value = zeroblob(31)",
            "UPDATE project SET id = ''",
            "UPDATE key SET id = zeroblob(15)",
            "UPDATE key SET project_id = 'nowhere'",
            "UPDATE key SET name = ''",
            "UPDATE key SET availability = 'maybe'",
            "UPDATE key SET ledger = zeroblob(14)",
            "UPDATE key SET ledger = NULL",
            "UPDATE key SET revision = 0",
            "UPDATE key SET revision = 'two'",
            "UPDATE key SET created_at = 'today'",
            "UPDATE key SET changed_at = NULL",
            "UPDATE key SET seal = zeroblob(33)",
            "UPDATE key SET seal_epoch = 0",
            "DELETE FROM key",
            "DELETE FROM project",
            "UPDATE version SET key_id = zeroblob(16)",
            "UPDATE version SET number = 0",
            "UPDATE version SET project_id = 'nowhere'",
            "UPDATE version SET state = 'sleeping'",
            "UPDATE version SET state = 'destroyed'",
            "UPDATE version SET state = 'pendingDestruction'",
            "UPDATE version SET state_counter = 0",
            "UPDATE version SET wrap_mechanism = NULL",
            "UPDATE version SET wrap_epoch = NULL",
            "UPDATE version SET wrapped_key = NULL",
            "UPDATE version SET wrapped_key = zeroblob(15)",
            "UPDATE version SET wrapped_key = 'text of more than sixteen bytes'",
            "UPDATE version SET destroy_due_at = 1",
            "UPDATE version SET blob_digest = zeroblob(32)",
            "UPDATE version SET seal = zeroblob(31)",
            "INSERT INTO directory VALUES ('', 's', '', 1, x'01', 1, zeroblob(32), NULL)",
            "INSERT INTO directory VALUES ('subject', '', '', 1, x'01', 1, zeroblob(32), NULL)",
            "INSERT INTO directory VALUES ('subject', 's', '', 0, x'01', 1, zeroblob(32), NULL)",
            "INSERT INTO directory VALUES ('subject', 's', '', 1, x'', 1, zeroblob(32), NULL)",
            "INSERT INTO directory VALUES ('subject', 's', '', 1, x'01', 1, zeroblob(31), NULL)",
            "UPDATE key SET restricted = 2",
            "UPDATE key SET owner = ''",
        ])
    func constraints(_ sql: String) throws {
        let error = #expect(throws: DatabaseError.self) {
            try store.pool.write { db in try db.execute(sql: sql) }
        }
        #expect(error?.resultCode == .SQLITE_CONSTRAINT)
    }

    @Test("accepts a document of the directory, so that the refusals above are about what is wrong in them")
    func accepts() throws {
        try store.pool.write { db in
            try db.execute(sql: "INSERT INTO directory VALUES ('subject', 's', '', 1, x'01', 1, zeroblob(32), NULL)")
        }
    }

    @Test("lets the same name stand in two projects")
    func sameName() async throws {
        try await store.pool.write { db in try db.execute(sql: "INSERT INTO project VALUES ('other', 0)") }
        let other = try ProjectID("other")
        let record = sample.key.unverified
        let twin = KeyRecord(
            id: KeyID(), project: other, name: record.name, description: .none, algorithm: .aes256GCM96,
            usage: .encryptDecrypt, origin: .generated, availability: .enabled, versions: .empty, revision: 1,
            createdAt: record.createdAt,
            changedAt: record.createdAt)
        try await store.insert(Sealed(unverified: twin, seal: sample.key.seal), versions: [], answer: nil)
        #expect(try await store.keyID(named: record.name, in: other) == twin.id)
        #expect(try await store.keyID(named: record.name, in: sample.project) == record.id)
        #expect(try await store.keys(in: other, after: nil, limit: 9).map(\.unverified.id) == [twin.id])
    }

    @Test("no question scans a table or sorts rows")
    func plans() throws {
        let id = Data(sample.id.bytes)
        let questions: [(String, StatementArguments)] = [
            ("SELECT * FROM version WHERE key_id = ? AND state = 'active'", [id]),
            ("SELECT * FROM version WHERE key_id = ? AND number = 1", [id]),
            ("SELECT * FROM version WHERE key_id = ? AND number < 9 ORDER BY number DESC LIMIT 2", [id]),
            ("SELECT * FROM key WHERE project_id = ? AND name > '' ORDER BY name LIMIT 2", ["shop"]),
            ("SELECT id FROM key WHERE project_id = ? AND name = 'n'", ["shop"]),
            ("SELECT * FROM directory WHERE kind = 'credential' AND name = ?", ["n"]),
            ("SELECT * FROM directory WHERE kind = 'subject' AND name > 'n' ORDER BY name LIMIT 2", []),
            (
                "SELECT * FROM directory WHERE kind = 'credential' AND parent = 's' AND name > 'n' ORDER BY name LIMIT 2",
                []
            ),
            ("SELECT last_at FROM credential_use WHERE hash = ?", [id]),
        ]
        for (sql, arguments) in questions {
            for step in try plan(of: sql, arguments: arguments) { #expect(step.hasPrefix("SEARCH"), "\(sql): \(step)") }
        }
    }

    private func plan(of sql: String, arguments: StatementArguments) throws -> [String] {
        try store.pool.read { db in
            try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN \(sql)", arguments: arguments).map { $0["detail"] }
        }
    }
}
