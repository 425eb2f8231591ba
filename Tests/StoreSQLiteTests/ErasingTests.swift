import Foundation
import GRDB
import KMSTesting
import KeyManagement
import Synchronization
import Testing

@testable import StoreSQLite

@Suite
struct ErasingTests {
    let directory: TemporaryDirectory
    let store: SQLiteKeyStore
    let sample: Sample

    static let digest = [UInt8](repeating: 3, count: 32)

    init() async throws {
        directory = try TemporaryDirectory()
        store = try directory.open()
        sample = try Sample()
        try await sample.store(in: store)
    }

    /// Blobs with the sizes of AES keys, of RSA keys, of several pages, and of the maximum length.
    @Test(arguments: [40, 2400, 9000, 65536]) func `the blob of a destroyed version is in none of the files`(
        _ count: Int
    ) async throws {
        let blob = RandomBlobs(seed: UInt64(count)).blob(count)
        let wrapped = WrappedKey(mechanism: .aesKWP, epoch: .first, blob: blob)
        let other = try Sample(name: "other", wrapped: wrapped)
        try await store.insert(other.key, versions: [other.version], answer: nil)
        #expect(try directory.traces(of: [blob]) == 1)
        try await store.apply(other.moved(to: .destroyed(blobDigest: Self.digest)))
        #expect(try directory.traces(of: [blob]) == 0)
        #expect(try directory.traces(of: [Sample.blob]) == 1, "the blob of the other key")
    }

    @Test func `the blob of a deleted import job is in none of the files`() async throws {
        let blobs = RandomBlobs(seed: 8)
        for count in [40, 2400, 65536] {
            let blob = blobs.blob(count)
            let job = try sample.importJob(blob: blob)
            try await store.insert(job)
            #expect(try directory.traces(of: [blob]) == 1)
            try await store.deleteImportJob(job.unverified.id)
            #expect(try directory.traces(of: [blob]) == 0)
        }
    }

    @Test func `the blob of a deleted access key is in none of the files`() async throws {
        let blob = RandomBlobs(seed: 9).blob(56)
        var key = AccessKeyRecord(
            id: try #require(AccessKeyID("AKIAABCDEFGHIJKLMNOP")), subject: try SubjectID("alice"),
            account: try AccountNumber("111122223333"), expiresAt: nil, handle: KeyID(),
            wrapped: WrappedKey(mechanism: .aesKWP, epoch: .first, blob: blob), at: Timestamp(milliseconds: 0))
        let seal = Seal(epoch: .first, code: [UInt8](repeating: 1, count: 32))
        try await store.save([Sealed(unverified: key.document, seal: seal)])
        #expect(try directory.traces(of: [blob]) == 1)
        (key.status, key.wrapped, key.revision) = (.deleted, nil, 2)
        try await store.save([Sealed(unverified: key.document, seal: seal)])
        #expect(try directory.traces(of: [blob]) == 0)
    }

    @Test func `blobs and check values of a deleted key are in none of the files`() async throws {
        let blobs = RandomBlobs(seed: 8)
        let (blob, check) = (blobs.blob(2400), blobs.blob(16))
        let other = try Sample(
            name: "other", wrapped: WrappedKey(mechanism: .aesKWP, epoch: .first, blob: blob),
            checkValue: CheckValue(bytes: check))
        try await store.insert(other.key, versions: [other.version], answer: nil)
        #expect(try directory.traces(of: [blob, check]) == 2)
        try await store.delete(other.id, revision: 1, leaving: other.tombstone, answer: nil)
        #expect(try directory.traces(of: [blob, check]) == 0)
    }

    /// `secure_delete` alone does not do that: SQLite 3.40 keeps some of these copies.
    @Test func `no copies remain that SQLite made when it moved rows from page to page`() async throws {
        let key = sample.id.bytes
        @Sendable func place(_ number: Int) -> Data {
            Data(RecordPlace(.bytes(key), .number(Int64(number))).bytes)
        }
        let gone = try await store.pool.write { db in
            let blobs = RandomBlobs(seed: 8)
            var gone: [[UInt8]] = []
            for number in 2...4000 {
                let blob = blobs.blob([40, 40, 40, 700].randomElement(using: &blobs.generator) ?? 40)
                try db.execute(
                    sql: """
                        INSERT INTO document (kind, place, revision, content, wrap_epoch, group_key, seal_epoch, seal)
                        VALUES ('version', ?, 1, ?, 1, ?, 1, zeroblob(32))
                        """,
                    arguments: [place(number), Data(blob), Data(sample.id.bytes)])
                try db.execute(
                    sql: "UPDATE document SET details = ? WHERE kind = 'version' AND place = ?",
                    arguments: [
                        Data(repeating: 0x63, count: Int.random(in: 1...900, using: &blobs.generator)),
                        place(Int.random(in: 2...number, using: &blobs.generator)),
                    ])
                guard blobs.chance(of: 2) else { continue }
                let victim = Int.random(in: 2...number, using: &blobs.generator)
                let found = try Data.fetchOne(
                    db, sql: "SELECT content FROM document WHERE kind = 'version' AND place = ?",
                    arguments: [place(victim)])
                guard let found else { continue }
                gone.append(Array(found))
                try db.execute(
                    sql: "DELETE FROM document WHERE kind = 'version' AND place = ?", arguments: [place(victim)])
            }
            return gone
        }
        try await store.apply(sample.moved(to: .destroyed(blobDigest: Self.digest)))
        #expect(gone.count > 1000)
        #expect(try directory.traces(of: gone) == 0)
    }

    @Test(arguments: Occasion.allCases)
    func `when a reader holds an older snapshot, the files are cleaned as soon as it is done`(_ occasion: Occasion)
        async throws
    {
        let job = try sample.importJob(blob: RandomBlobs(seed: 9).blob(2400))
        try await store.insert(job)
        let blobs = [Sample.blob, job.unverified.wrapped.blob]
        let release = try directory.holdSnapshot()
        try await store.apply(sample.moved(to: .destroyed(blobDigest: Self.digest)))
        try await store.deleteImportJob(job.unverified.id)
        #expect(try directory.traces(of: blobs) == 2, "somebody reads it")
        #expect(store.residue.load(ordering: .sequentiallyConsistent) == .log)
        // It tries again without success, and is not delayed for long.
        let start = ContinuousClock.now
        for _ in 0..<5 { try await store.checkHealth() }
        #expect(ContinuousClock.now - start < .seconds(10), "five times the timeout of other calls are 25 seconds")
        #expect(try directory.traces(of: blobs) == 2, "somebody still reads it")
        try release()
        try await occasion.happens(to: store, in: directory)
        #expect(try directory.traces(of: blobs) == 0)
    }

    enum Occasion: CaseIterable {
        case write, emptyWrite, healthCheck, closing

        func happens(to store: SQLiteKeyStore, in directory: TemporaryDirectory) async throws {
            switch self {
            case .write:
                let other = try Sample(name: "other")
                try await store.insert(other.key, versions: [], answer: nil)
            case .emptyWrite: try await store.deleteUses(before: 0)
            case .healthCheck: try await store.checkHealth()
            case .closing: try store.close()
            }
        }
    }

    @Test func `when another writer is in the way, the pages are cleaned later`() async throws {
        let blob = RandomBlobs(seed: 2).blob(2400)
        let job = try sample.importJob(blob: blob)
        try await store.insert(job)
        _ = try await store.commitErasure { db in
            try db.execute(sql: "DELETE FROM document WHERE kind = 'importJob'")
            return true
        }
        let release = try directory.holdLock()
        await store.clean(within: .milliseconds(10))
        #expect(store.residue.load(ordering: .sequentiallyConsistent) == .pages)
        #expect(try directory.traces(of: [blob]) == 1)
        try release()
        await store.clean(within: .milliseconds(10))
        #expect(store.residue.load(ordering: .sequentiallyConsistent) == .none)
        #expect(try directory.traces(of: [blob]) == 0)
        #expect(try directory.shell("PRAGMA user_version") == "0")
        let timeout = try await store.pool.writeWithoutTransaction { db in
            try Int.fetchOne(db, sql: "PRAGMA busy_timeout")
        }
        #expect(timeout == 5000, "the timeout of every other call")
    }

    @Test func `after a crash between the commit and the cleaning, the next start cleans`() async throws {
        _ = try await store.commitErasure { db in
            try db.execute(sql: "DELETE FROM document WHERE kind = 'version'")
            return true
        }
        let copy = try TemporaryDirectory()
        for file in try directory.files where !file.hasSuffix("-shm") {
            try FileManager.default.copyItem(atPath: "\(directory.path)/\(file)", toPath: "\(copy.path)/\(file)")
        }
        #expect(try copy.traces(of: [Sample.blob]) == 1, "in the log that the crash left")
        let next = try copy.open(.existing)
        #expect(try copy.traces(of: [Sample.blob]) == 0)
        #expect(try copy.shell("PRAGMA user_version") == "0")
        withExtendedLifetime(next) {}
    }

    @Test func `what was committed and not cleaned is cleaned when the store is closed`() async throws {
        _ = try await store.commitErasure { db in
            try db.execute(sql: "DELETE FROM document WHERE kind = 'version'")
            return true
        }
        #expect(try directory.shell("PRAGMA user_version") != "0")
        try store.close()
        #expect(try directory.traces(of: [Sample.blob]) == 0)
        #expect(try directory.shell("PRAGMA user_version") == "0")
    }

    @Test func `what another process has erased since is left to it, or to the next start`() async throws {
        let other = try directory.open(.existing)
        _ = try await other.commitErasure { _ in true }
        let mark = try directory.shell("PRAGMA user_version")
        // This store is older: the mark that it finds is that of the other.
        try await store.deleteImportJob(ImportJobID())
        #expect(try directory.shell("PRAGMA user_version") == mark, "nothing was erased here")
        await other.clean(within: .seconds(1))
        #expect(try directory.shell("PRAGMA user_version") == "0")
    }

    @Test func `many that are erased at the same time are all gone`() async throws {
        let blobs = RandomBlobs(seed: 8)
        let jobs = try (0..<20).map { _ in try sample.importJob(blob: blobs.blob(2400)) }
        for job in jobs { try await store.insert(job) }
        let store = store
        try await withThrowingTaskGroup(of: Void.self) { group in
            for job in jobs { group.addTask { try await store.deleteImportJob(job.unverified.id) } }
            try await group.waitForAll()
        }
        #expect(try directory.traces(of: jobs.map(\.unverified.wrapped.blob)) == 0)
        #expect(try directory.shell("PRAGMA user_version; PRAGMA integrity_check") == "0\nok")
    }
}
