import GRDB
import KMSTesting
import KeyManagement
import StoreSQLite
import Testing

@Suite
struct ChangeMarkTests {
    let directory: TemporaryDirectory
    let store: SQLiteKeyStore

    init() async throws {
        directory = try TemporaryDirectory()
        store = try directory.open()
        try await Sample().store(in: store)
    }

    @Test func `sees every commit of another process`() async throws {
        var marks: Set<Int64> = [try await store.changeMark()]
        for round in 1...5 {
            try directory.shell("UPDATE document SET label = x'0\(round)' WHERE kind = 'key'")
            let mark = try await store.changeMark()
            #expect(marks.insert(mark).inserted, "round \(round)")
            #expect(try await store.changeMark() == mark)
        }
    }

    @Test func `sees another connection of the same process`() async throws {
        let before = try await store.changeMark()
        try directory.tamper("DELETE FROM document WHERE kind = 'version'")
        #expect(try await store.changeMark() != before)
    }

    @Test func `sees another store on the same file, and is seen by it`() async throws {
        let other = try SQLiteKeyStore.open(path: directory.database, access: .existing)
        let (here, there) = (try await store.changeMark(), try await other.changeMark())
        let sample = try Sample(name: "another")
        try await other.insert(sample.key, versions: [sample.version], answer: nil)
        #expect(try await store.changeMark() != here)
        #expect(try await other.changeMark() != there)
    }

    @Test func `does not mind what is only read, or undone`() async throws {
        let before = try await store.changeMark()
        #expect(try directory.shell("SELECT count(*) FROM document WHERE kind = 'key'") == "1")
        try directory.shell("BEGIN IMMEDIATE; UPDATE document SET label = x'00' WHERE kind = 'key'; ROLLBACK")
        #expect(try await store.changeMark() == before)
    }
}
