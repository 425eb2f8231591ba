import Foundation
import GRDB
import KMSTesting
import KeyManagement
import Testing

@testable import StoreSQLite

@Suite
struct DurabilityTests {
    @Test func `the writer waits for the disk at each commit, in a write-ahead log, and keeps foreign keys`() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        let names = ["synchronous", "journal_mode", "foreign_keys", "secure_delete", "busy_timeout"]
        let writer = try store.pool.writeWithoutTransaction { db in
            try names.map { try String.fetchOne(db, sql: "PRAGMA \($0)") }
        }
        #expect(writer == ["2", "wal", "1", "1", "5000"], "2 is FULL")
        let reader = try store.pool.read { db in try Int.fetchOne(db, sql: "PRAGMA busy_timeout") }
        let watcher = try store.watcher.unsafeRead { db in try Int.fetchOne(db, sql: "PRAGMA busy_timeout") }
        #expect(reader == 5000)
        #expect(watcher == 5000)
        #expect(store.watcher.configuration.readonly)
    }

    @Test func `the settings hold for a store that is opened again`() throws {
        let directory = try TemporaryDirectory()
        try directory.open().close()
        let store = try directory.open(.existing)
        let synchronous = try store.pool.writeWithoutTransaction { db in
            try Int.fetchOne(db, sql: "PRAGMA synchronous")
        }
        #expect(synchronous == 2)
    }

    @Test func `another process reads what a call has written, as soon as the call returned`() async throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        let sample = try Sample()
        try await sample.store(in: store)
        #expect(try directory.shell("SELECT substr(name, 7), revision FROM document WHERE kind = 'key'") == "sample|1")
        try await store.apply(sample.renewed())
        #expect(try directory.shell("SELECT revision FROM document WHERE kind = 'key'") == "2")
    }

    @Test func `what was written is there after the store was opened again`() async throws {
        let directory = try TemporaryDirectory()
        let sample = try Sample()
        let first = try directory.open()
        try await sample.store(in: first)
        try first.close()
        let second = try directory.open(.existing)
        #expect(try await second.binding() == sample.binding)
        let found = try await second.key(sample.id, with: .active)
        #expect(found?.key == sample.key)
        #expect(found?.version == sample.version)
    }

    @Test func `a new database, its log and its index are for the owner only, whatever the umask`() async throws {
        let directory = try TemporaryDirectory()
        let mask = umask(0)
        defer { umask(mask) }
        let store = try directory.open()
        try await Sample().store(in: store)
        let files = try directory.files
        #expect(files == ["kms.sqlite", "kms.sqlite-shm", "kms.sqlite-wal"])
        for file in files {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(directory.path)/\(file)")
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(file)")
        }
        withExtendedLifetime(store) {}
    }

    @Test func `an empty file that becomes a store is for the owner only from then on`() throws {
        let directory = try TemporaryDirectory()
        try Data().write(to: URL(fileURLWithPath: directory.database))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: directory.database)
        try directory.open(.create).close()
        let attributes = try FileManager.default.attributesOfItem(atPath: directory.database)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test func `the blob of a destroyed version is in none of the files, while the store is open`() async throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        let sample = try Sample()
        try await sample.store(in: store)
        #expect(try contains(Sample.blob, in: directory), "the blob is there before")
        try await store.apply(sample.moved(to: .destroyed(blobDigest: [UInt8](repeating: 3, count: 32))))
        #expect(try !contains(Sample.blob, in: directory))
        withExtendedLifetime(store) {}
    }

    private func contains(_ bytes: [UInt8], in directory: TemporaryDirectory) throws -> Bool {
        try directory.files.contains { file in
            let data = try Data(contentsOf: URL(fileURLWithPath: "\(directory.path)/\(file)"))
            return data.range(of: Data(bytes)) != nil
        }
    }
}
