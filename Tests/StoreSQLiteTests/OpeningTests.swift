import Foundation
import GRDB
import KeyManagement
import Testing

@testable import StoreSQLite

@Suite
struct OpeningTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func refusal(_ access: SQLiteKeyStore.Access, path: String? = nil) -> StoreOpenError? {
        do throws(StoreOpenError) {
            _ = try SQLiteKeyStore.open(
                path: path ?? directory.database, access: access, busyTimeout: .milliseconds(50))
            return nil
        } catch {
            return error
        }
    }

    @Test func `a store that is not there is made, or refused, as it was asked for`() throws {
        #expect(refusal(.existing) == .missing(path: directory.database))
        #expect(try directory.files == [])
        #expect(refusal(.create) == nil)
        #expect(refusal(.existing) == nil)
        #expect(refusal(.create) == nil)
    }

    @Test(arguments: [SQLiteKeyStore.Access.create, .existing])
    func `a directory that is not there is named, with the reason`(_ access: SQLiteKeyStore.Access) throws {
        let path = directory.path + "/absent/kms.sqlite"
        let error = try #require(refusal(access, path: path))
        #expect(error == .inaccessible(path: path, reason: "the directory '\(directory.path)/absent' does not exist"))
        #expect(error.description.contains(path) && error.description.contains("does not exist"))
    }

    @Test func `a directory that is a file is refused`() throws {
        try Data("text".utf8).write(to: URL(fileURLWithPath: directory.database))
        let path = directory.database + "/kms.sqlite"
        let error = try #require(refusal(.create, path: path))
        #expect(error == .inaccessible(path: path, reason: "'\(directory.database)' is not a directory"))
    }

    @Test func `a directory in which no file can be made is refused, with what the system says`() throws {
        // No user can make files there, not even root, who may ignore the permissions of an ordinary directory.
        let path = "/proc/self/kms.sqlite"
        guard case .inaccessible(path, let reason) = try #require(refusal(.create, path: path)) else {
            Issue.record("another error")
            return
        }
        #expect(
            ["No such file or directory", "Permission denied", "Operation not permitted"].contains {
                reason.contains($0)
            })
    }

    @Test func `a directory in the place of the database is refused`() throws {
        #expect(
            refusal(.create, path: directory.path) == .inaccessible(path: directory.path, reason: "it is not a file"))
        #expect(refusal(.create, path: "") != nil)
        #expect(try directory.files == [])
    }

    @Test(arguments: [SQLiteKeyStore.Access.create, .existing])
    func `a file that is no database is refused and stays as it is`(_ access: SQLiteKeyStore.Access) throws {
        let text = Data(String(repeating: "this is a letter, not a database\n", count: 300).utf8)
        try text.write(to: URL(fileURLWithPath: directory.database))
        #expect(refusal(access) == .notADatabase(path: directory.database))
        #expect(try Data(contentsOf: URL(fileURLWithPath: directory.database)) == text)
        #expect(try directory.files == ["kms.sqlite"])
    }

    @Test(arguments: ["delete", "wal"]) func `a database of something else is refused and stays as it is`(
        _ journal: String
    ) throws {
        try directory.shell(
            "PRAGMA journal_mode = \(journal); CREATE TABLE recipe (name TEXT); INSERT INTO recipe VALUES ('soup')")
        let before = try Data(contentsOf: URL(fileURLWithPath: directory.database))
        #expect(refusal(.create) == .notAKeyStore(path: directory.database))
        #expect(refusal(.existing) == .notAKeyStore(path: directory.database))
        #expect(try Data(contentsOf: URL(fileURLWithPath: directory.database)) == before)
        #expect(try directory.files == ["kms.sqlite"])
        #expect(try directory.shell("SELECT name FROM recipe; PRAGMA journal_mode") == "soup\n\(journal)")
    }

    @Test func `a store of a newer release is refused and stays as it is`() async throws {
        let store = try directory.open()
        try await Sample().store(in: store)
        try store.close()
        try directory.shell("INSERT INTO grdb_migrations VALUES ('2099-01 something new')")
        let before = try Data(contentsOf: URL(fileURLWithPath: directory.database))
        let error = try #require(refusal(.existing))
        #expect(error == .newerSchema(path: directory.database))
        #expect(error.description.contains("newer release"))
        #expect(refusal(.create) == .newerSchema(path: directory.database))
        #expect(try Data(contentsOf: URL(fileURLWithPath: directory.database)) == before)
        #expect(try directory.files == ["kms.sqlite"])
    }

    @Test func `an empty file is no store yet, and becomes one when it shall`() throws {
        try Data().write(to: URL(fileURLWithPath: directory.database))
        #expect(refusal(.existing) == .notAKeyStore(path: directory.database))
        #expect(try directory.files == ["kms.sqlite"])
        #expect(refusal(.create) == nil)
        #expect(refusal(.existing) == nil)
    }

    @Test func `a first start that was interrupted before the first migration can be done again`() throws {
        try directory.shell("CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
        #expect(refusal(.create) == nil)
        #expect(try directory.shell("SELECT count(*) FROM token_binding") == "0")
    }

    @Test func `a database that another connection locks is busy, not broken`() throws {
        try directory.open().close()
        let other = try DatabaseQueue(path: directory.database)
        try other.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE")
            #expect(refusal(.existing) == .busy(path: directory.database))
            try db.execute(sql: "ROLLBACK")
        }
        try other.close()
        #expect(refusal(.existing) == nil)
    }

    @Test func `several processes may open a new store at the same time`() async throws {
        let path = directory.database
        let stores = try await withThrowingTaskGroup(of: SQLiteKeyStore.self) { group in
            for _ in 0..<4 { group.addTask { try SQLiteKeyStore.open(path: path, access: .create) } }
            return try await group.reduce(into: [SQLiteKeyStore]()) { $0.append($1) }
        }
        try await Sample().store(in: stores[0])
        for store in stores { #expect(try await store.binding() != nil) }
    }
}
