import Foundation
import GRDB
import KMSTesting
import KeyManagement
import Testing

@testable import StoreSQLite

@Suite
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

    @Test(arguments: [
        "UPDATE token_binding SET only_row = 2",
        "INSERT INTO token_binding VALUES (2, 'l', 's', 1, zeroblob(32), 0, 0)",
        "UPDATE token_binding SET epoch = 0",
        "UPDATE token_binding SET epoch = 4294967296",
        "UPDATE token_binding SET check_value = zeroblob(31)",
        "UPDATE document SET kind = ''",
        "UPDATE document SET place = x''",
        "UPDATE document SET place = zeroblob(513)",
        "UPDATE document SET revision = 0",
        "UPDATE document SET revision = 'two'",
        "UPDATE document SET seal = zeroblob(33)",
        "UPDATE document SET seal = zeroblob(31)",
        "UPDATE document SET seal = NULL",
        "UPDATE document SET seal_epoch = 0",
        "UPDATE document SET seal_epoch = 4294967296",
        "UPDATE document SET wrap_epoch = 0",
        "UPDATE document SET name = x'01'",
        "UPDATE document SET name = x''",
        "UPDATE document SET group_key = zeroblob(15)",
        "UPDATE document SET label = zeroblob(513)",
        "UPDATE document SET end_at = 'today'",
        "UPDATE document SET content = x''",
        "UPDATE document SET content = zeroblob(2097153)",
        "UPDATE document SET content = NULL",
        "UPDATE document SET content = 'text'",
        "UPDATE document SET details = zeroblob(65537)",
        "UPDATE document SET fixed = x''",
        "INSERT INTO document SELECT * FROM document WHERE kind = 'key'",
        "INSERT INTO version_use VALUES (zeroblob(15), 1, 1, 1, 1, 1)",
        "INSERT INTO version_use VALUES (zeroblob(16), 0, 1, 1, 1, 1)",
        "INSERT INTO version_use VALUES (zeroblob(16), 1, 1, -1, 1, 1)",
    ])
    func `refuses values that cannot be`(_ sql: String) throws {
        let error = #expect(throws: DatabaseError.self) {
            try store.pool.write { db in try db.execute(sql: sql) }
        }
        #expect(error?.resultCode == .SQLITE_CONSTRAINT)
    }

    @Test func `accepts a document, so that the refusals above are about what is wrong in them`() throws {
        try store.pool.write { db in
            try db.execute(
                sql: """
                    INSERT INTO document (kind, place, revision, seal_epoch, seal, content)
                    VALUES ('document', x'01', 1, 1, zeroblob(32), x'01')
                    """)
        }
    }

    @Test func `lets the same name stand in two projects`() async throws {
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

    @Test func `no query scans a table or sorts rows`() throws {
        let (key, name) = (sample.id.bytes, Array("nshop".utf8) + [0])
        let queries =
            RecordKind.allCases.map { DocumentQuery($0, limit: 2) } + [
                DocumentQuery(.version, after: key, before: key + [9], isDescending: true, limit: 2),
                DocumentQuery(.key, .names, after: name, before: name + [0xFF], limit: 2),
                DocumentQuery(.document, .label([1]), after: [1], before: [2], limit: 2),
                DocumentQuery(.version, .label([1]), isDescending: true, limit: 2),
                DocumentQuery(.alias, .group(key), after: [1], before: [2], limit: 2),
                DocumentQuery(.answer, olderThan: .last, limit: 2),
            ]
        for query in queries { try requireSearch(query.sql, query.arguments) }
        for task in DueTask.allCases {
            try requireSearch(
                """
                SELECT place FROM document WHERE kind = 'key' AND \(task.column) <= ? ORDER BY \(task.column) LIMIT 2
                """, [1])
        }
        try requireSearch("SELECT * FROM document WHERE kind = ? AND place = ?", ["key", Data(key)])
        try requireSearch("SELECT * FROM document WHERE name = ?", [Data(name)])
        try requireSearch("DELETE FROM document WHERE group_key = ?", [Data(key)])
        try requireSearch("SELECT last_at FROM credential_use WHERE hash = ?", [Data(key)])
        try requireSearch("SELECT min(day) FROM version_use", [])
    }

    private func requireSearch(_ sql: String, _ arguments: StatementArguments) throws {
        for step in try plan(of: sql, arguments: arguments) { #expect(step.hasPrefix("SEARCH"), "\(sql): \(step)") }
    }

    private func plan(of sql: String, arguments: StatementArguments) throws -> [String] {
        try store.pool.read { db in
            try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN \(sql)", arguments: arguments).map { $0["detail"] }
        }
    }
}
