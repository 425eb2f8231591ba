import Foundation
import GRDB
import KMSTesting
import KeyManagement
import Testing

@testable import StoreSQLite

@Suite
struct FailureTests {
    let directory: TemporaryDirectory
    let sample: Sample

    init() async throws {
        directory = try TemporaryDirectory()
        sample = try Sample()
        let store = try directory.open()
        try await sample.store(in: store)
        try store.close()
    }

    @Test func `a lock that another connection holds is busy after the timeout; later the same call works`()
        async throws
    {
        let store = try SQLiteKeyStore.open(
            path: directory.database, access: .existing, busyTimeout: .milliseconds(20))
        let release = try holdLock()
        let change = sample.renewed()
        await expect(busy: { () async throws(StoreError) in try await store.apply(change) })
        await expect(busy: { () async throws(StoreError) in try await store.checkHealth() })
        // Readers do not wait for a writer.
        #expect(try await store.key(sample.id, with: .active)?.key == sample.key)
        try release()
        try await store.checkHealth()
        try await store.apply(change)
        #expect(try await store.key(sample.id, with: .none)?.key == change.key)
    }

    /// Begins a write on a connection that may keep a transaction open, and returns the function that ends it.
    private func holdLock() throws -> () throws -> Void {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let holder = try DatabaseQueue(path: directory.database, configuration: configuration)
        try holder.writeWithoutTransaction { db in try db.execute(sql: "BEGIN IMMEDIATE") }
        return {
            try holder.writeWithoutTransaction { db in try db.execute(sql: "ROLLBACK") }
            try holder.close()
        }
    }

    private func expect(busy body: () async throws(StoreError) -> Void) async {
        do throws(StoreError) {
            try await body()
            Issue.record("succeeded while the database was locked")
        } catch {
            guard case .busy = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test func `a database that was removed or replaced while it was open is not healthy`() async throws {
        let store = try directory.open(.existing)
        try await store.checkHealth()
        let aside = directory.path + "/aside"
        try FileManager.default.moveItem(atPath: directory.database, toPath: aside)
        await expect(unavailable: "No such file", in: store)
        try FileManager.default.copyItem(atPath: aside, toPath: directory.database)
        await expect(unavailable: "replaced", in: store)
        try FileManager.default.removeItem(atPath: directory.database)
        try FileManager.default.moveItem(atPath: aside, toPath: directory.database)
        try await store.checkHealth()
    }

    @Test
    func `a change to a database that is not there any more is not acknowledged, and nothing is believed from memory`()
        async throws
    {
        let store = try directory.open(.existing)
        let aside = directory.path + "/aside"
        try FileManager.default.moveItem(atPath: directory.database, toPath: aside)
        try FileManager.default.copyItem(atPath: aside, toPath: directory.database)
        let expected = StoreError.unavailable(
            "the database '\(directory.database)' was replaced by another file while it was open; restart")
        await #expect(throws: expected) {
            try await store.insert(try Sample(name: "another").key, versions: [], answer: nil)
        }
        await #expect(throws: expected) { try await store.apply(sample.renewed()) }
        await #expect(throws: expected) { try await store.changeMark() }
    }

    private func expect(unavailable reason: String, in store: SQLiteKeyStore) async {
        do throws(StoreError) {
            try await store.checkHealth()
            Issue.record("healthy")
        } catch {
            guard case .unavailable(let text) = error, text.contains(reason) else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test func `a closed store fails every call`() async throws {
        let store = try directory.open(.existing)
        try store.close()
        await #expect(throws: StoreError.self) { try await store.binding() }
        await #expect(throws: StoreError.self) { try await store.changeMark() }
        await #expect(throws: StoreError.self) { try await store.checkHealth() }
        await #expect(throws: StoreError.self) { try await store.apply(sample.renewed()) }
    }

    @Test func `a call whose task is cancelled writes nothing and says busy`() async throws {
        let store = try directory.open(.existing)
        let change = sample.renewed()
        let error = await Task { () async -> StoreError? in
            withUnsafeCurrentTask { $0?.cancel() }
            do throws(StoreError) {
                try await store.apply(change)
                return nil
            } catch {
                return error
            }
        }.value
        #expect(error == .busy("the caller gave up while the store was working"))
        #expect(try await store.key(sample.id, with: .none)?.key == sample.key)
    }

    @Test(arguments: [
        (ResultCode.SQLITE_BUSY, "busy"), (.SQLITE_BUSY_SNAPSHOT, "busy"), (.SQLITE_LOCKED, "busy"),
        (.SQLITE_LOCKED_SHAREDCACHE, "busy"), (.SQLITE_INTERRUPT, "busy"), (.SQLITE_READONLY, "unavailable"),
        (.SQLITE_READONLY_DBMOVED, "unavailable"), (.SQLITE_IOERR, "unavailable"),
        (.SQLITE_IOERR_FSYNC, "unavailable"), (.SQLITE_FULL, "unavailable"), (.SQLITE_CANTOPEN, "unavailable"),
        (.SQLITE_CORRUPT, "unavailable"), (.SQLITE_NOTADB, "unavailable"), (.SQLITE_ERROR, "unavailable"),
        (.SQLITE_CONSTRAINT, "conflict"), (.SQLITE_CONSTRAINT_UNIQUE, "conflict"),
        (.SQLITE_CONSTRAINT_PRIMARYKEY, "conflict"), (.SQLITE_CONSTRAINT_FOREIGNKEY, "conflict"),
        (.SQLITE_CONSTRAINT_CHECK, "conflict"),
    ])
    func `each code of SQLite has its meaning`(_ code: ResultCode, _ meaning: String) {
        let error = StoreError(
            sqlite: DatabaseError(resultCode: code, message: "why", sql: "SELECT 'a secret'", arguments: ["a secret"]))
        switch error {
        case .busy(let text), .unavailable(let text):
            #expect("\(error)".hasPrefix(meaning))
            #expect(text.contains("why") && text.contains("\(code.rawValue)"))
            #expect(!text.contains("secret"))
        case .conflict, .nameTaken, .repeated, .stateMoved, .malformed: #expect("\(error)" == meaning)
        }
    }

    @Test(arguments: [
        ("UPDATE document SET content = x'00' WHERE kind = 'key'", "content"),
        ("UPDATE document SET content = CAST(content || x'09' AS BLOB) WHERE kind = 'key'", "content"),
        ("UPDATE document SET content = zeroblob(3000000) WHERE kind = 'key'", "content"),
        ("UPDATE document SET details = NULL WHERE kind = 'key'", "content"),
        ("UPDATE document SET details = CAST(details || x'0500000000' AS BLOB) WHERE kind = 'key'", "details"),
        ("UPDATE document SET revision = -1 WHERE kind = 'key'", "revision"),
        ("UPDATE document SET revision = revision + 1 WHERE kind = 'key'", "revision"),
        ("UPDATE document SET seal = zeroblob(31) WHERE kind = 'key'", "seal"),
        ("UPDATE document SET seal_epoch = 0 WHERE kind = 'key'", "seal_epoch"),
        ("UPDATE document SET name = NULL WHERE kind = 'key'", "index"),
        ("UPDATE document SET label = x'00' WHERE kind = 'key'", "index"),
        ("UPDATE document SET rotation_at = 5 WHERE kind = 'key'", "index"),
        ("UPDATE document SET end_at = 5 WHERE kind = 'key'", "index"),
        ("UPDATE document SET expiry_at = 5 WHERE kind = 'key'", "index"),
        ("UPDATE document SET wrap_epoch = 1 WHERE kind = 'key'", "wrap_epoch"),
        ("UPDATE document SET content = CAST(content || x'1600000000' AS BLOB) WHERE kind = 'version'", "content"),
        ("UPDATE document SET revision = revision + 1 WHERE kind = 'version'", "revision"),
        ("UPDATE document SET wrap_epoch = NULL WHERE kind = 'version'", "wrap_epoch"),
        ("UPDATE document SET wrap_epoch = 0 WHERE kind = 'version'", "wrap_epoch"),
        ("UPDATE document SET end_at = 5 WHERE kind = 'version'", "index"),
        ("UPDATE document SET group_key = NULL WHERE kind = 'version'", "index"),
        ("UPDATE document SET label = zeroblob(32) WHERE kind = 'version'", "index"),
    ])
    func `a row that cannot be is malformed and names its record`(_ sql: String, _ column: String) async throws {
        try directory.tamper(sql)
        let store = try directory.open(.existing)
        do throws(StoreError) {
            _ = try await store.key(sample.id, with: .number(.first))
            Issue.record("read what cannot be")
        } catch {
            guard case .malformed(let record) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(record.contains(sample.id.description))
            #expect(record.contains("(\(column))"))
        }
    }

    @Test func `a name that is taken is told apart from an id that is taken`() async throws {
        let store = try directory.open(.existing)
        let twin = try Sample()
        await #expect(throws: StoreError.nameTaken) { try await store.insert(twin.key, versions: [], answer: nil) }
        var record = sample.key.unverified
        record.name = try KeyName("another")
        let other = Sealed(unverified: record, seal: sample.key.seal)
        await #expect(throws: StoreError.conflict) { try await store.insert(other, versions: [], answer: nil) }
    }
}
