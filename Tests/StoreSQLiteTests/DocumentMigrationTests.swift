import Foundation
import GRDB
import KMSTesting
import KeyManagement
import Testing

@testable import StoreSQLite

/// The migration that replaces the tables of the kinds of records by one table of documents.
@Suite
struct DocumentMigrationTests {
    private let directory: TemporaryDirectory
    private let key = KeyID()
    private let job = ImportJobID()
    private let time = Timestamp(milliseconds: 5)

    init() throws {
        directory = try TemporaryDirectory()
        let queue = try DatabaseQueue(path: directory.database)
        try Migrations.migrator.migrate(queue, upTo: "2026-08 state digest")
        let (key, job) = (Data(key.bytes), Data(job.bytes))
        try queue.write { db in
            try db.execute(
                sql: """
                    INSERT INTO token_binding VALUES (1, 't', 's', 1, zeroblob(32), 0, 0);
                    INSERT INTO project VALUES ('shop', 0);
                    INSERT INTO directory VALUES ('group', 'ops', 'parent', 3, x'010203', 1, zeroblob(32), NULL);
                    INSERT INTO answer VALUES (zeroblob(32), zeroblob(32), x'07', 5, 1, zeroblob(32));
                    INSERT INTO state_shard VALUES (4095, 7, 1, zeroblob(16), zeroblob(32), 1, zeroblob(32));
                    INSERT INTO state_member VALUES (4095, zeroblob(32), zeroblob(32));
                    INSERT INTO credential_use VALUES (zeroblob(32), 5);
                    """)
            try db.execute(
                sql: """
                    INSERT INTO "key" (id, project_id, name, description, algorithm, origin, availability, ledger, revision,
                        created_at, changed_at, seal_epoch, seal, tags, rotation_days, rotation_due_at, restricted,
                        allowed_subjects, availability_reason, availability_comment)
                    VALUES (?, 'shop', 'old', 'text', 'AES256-GCM96', 'generated', 'enabled',
                        x'01000000010000000000000001', 2, 5, 6, 1, zeroblob(32), '{"team":"a"}', 30, 9, 1, '["one","two"]',
                        'superseded', 'why')
                    """, arguments: [key])
            try db.execute(
                sql: """
                    INSERT INTO version (key_id, number, project_id, algorithm, origin, state, state_counter, wrap_mechanism,
                        wrap_epoch, wrapped_key, created_at, changed_at, seal_epoch, seal, check_value)
                    VALUES (?, 1, 'shop', 'AES256-GCM96', 'generated', 'active', 1, 'AES-KWP', 1, zeroblob(40), 5, 6, 1,
                        zeroblob(32), zeroblob(16))
                    """, arguments: [key])
            try db.execute(
                sql: "INSERT INTO alias VALUES ('shop', 'a/b', ?, 4, 5, 1, zeroblob(32), NULL)", arguments: [key])
            try db.execute(sql: "INSERT INTO version_usage VALUES (?, 1, 64, 1, zeroblob(32))", arguments: [key])
            try db.execute(sql: "INSERT INTO daily_use VALUES (?, 1, 3, 10, 20, 5)", arguments: [key])
            try db.execute(
                sql: """
                    INSERT INTO import_job VALUES (?, 'shop', 'maria', 'RSA-2048', 'RSAES_OAEP_SHA_256', x'01', 'AES-KWP', 1,
                        zeroblob(40), 5, 6, 1, zeroblob(32))
                    """, arguments: [job])
            try db.execute(
                sql: "INSERT INTO tombstone VALUES (?, 'shop', 'gone', zeroblob(32), 5, 1, zeroblob(32))",
                arguments: [job])
        }
        try queue.close()
    }

    @Test func `keeps every record of every kind`() async throws {
        let store = try directory.open(.existing)
        let version = VersionID(key: key, number: .first)
        let found = try #require(try await store.key(key, with: .active))
        let record = found.key.unverified
        #expect(record.name.text == "old" && record.description.text == "text" && record.tags.pairs == ["team": "a"])
        #expect(record.rotation?.period.days == 30 && record.revision == 2 && record.versions.active == .first)
        #expect(record.access.list?.subjects.map(\.text).sorted() == ["one", "two"])
        #expect(record.availabilityNote?.comment.text == "why")
        #expect(found.version?.unverified.id == version && found.version?.unverified.life.wrapped?.blob.count == 40)
        let check = try #require(found.version?.unverified.checkValue)
        #expect(try await store.versions(of: key, with: check).count == 1)
        let project = try ProjectID("shop")
        #expect(try await store.keyID(named: KeyName("old"), in: project) == key)
        #expect(try await store.alias(KeyName(alias: "a/b"), in: project)?.unverified.revision == 4)
        #expect(try await store.usage(of: version)?.unverified.reserved == 64)
        #expect(try await store.uses(of: version, since: 0) == UsageSummary(produced: 10, consumed: 20, lastAt: time))
        #expect(try await store.importJob(job)?.unverified.subject.text == "maria")
        #expect(try await store.importJobsExpired(by: Timestamp(milliseconds: 6), limit: 9) == [job])
        let gone = try #require(KeyID(bytes: job.bytes))
        #expect(try await store.tombstone(of: gone)?.unverified.name.text == "gone")
        let answer = IdempotentRequestID(bytes: [UInt8](repeating: 0, count: 32))
        #expect(try await store.answer(answer)?.unverified.answer == [7])
        let document = try await store.document(.group, "ops")?.unverified
        #expect(document?.parent == "parent" && document?.revision == 3 && document?.content == [1, 2, 3])
        let shard = try #require(ShardIndex(4095))
        #expect(try await store.counter(of: shard) == 7)
        #expect(try await store.shard(shard).members.count == 1)
        #expect(try await store.keysDueForRotation(by: Timestamp(milliseconds: 9), limit: 9) == [key])
        #expect(try await store.epochUses()[.first] == EpochUse(wrapped: 2, sealed: 9))
        try store.close()
    }

    @Test func `a backup of before is read without a change of its file`() throws {
        let before = try Data(contentsOf: URL(filePath: directory.database))
        let counts = try SQLiteKeyStore.counts(inCopy: directory.database)
        #expect(counts.keys == 1 && counts.versions == ["active": 1])
        #expect(try SQLiteKeyStore.digests(inCopy: directory.database, under: .first).count == 2)
        #expect(try Data(contentsOf: URL(filePath: directory.database)) == before)
    }

    @Test func `a row that is no record fails the migration, and the store stays as it was`() throws {
        try directory.tamper("UPDATE \"key\" SET algorithm = 'ROT13'")
        #expect(throws: StoreOpenError.self) { try directory.open(.existing) }
        #expect(try directory.shell("SELECT count(*) FROM \"key\"") == "1")
    }
}
