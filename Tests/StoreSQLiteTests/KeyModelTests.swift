import Foundation
import GRDB
import KMSTesting
import KeyManagement
import Testing

@testable import StoreSQLite

/// The additions of the second migration.
@Suite struct KeyModelTests {
    private func folder() throws -> String {
        let path = FileManager.default.temporaryDirectory.path + "/hsm-kms-model-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        return path
    }

    private func requireNowhere(_ bytes: [UInt8], in folder: String, _ comment: Comment) throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(files.contains("kms.sqlite"))
        for file in files {
            let data = try #require(FileManager.default.contents(atPath: folder + "/" + file))
            #expect(data.range(of: Data(bytes)) == nil, "\(comment): \(file) still has them")
        }
    }

    private static func noise(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: .min ... .max) } }

    private static let seal = Seal(epoch: .first, code: [UInt8](repeating: 7, count: 32))
    private static let time = Timestamp(milliseconds: 1_767_225_600_000)

    private static func key(_ id: KeyID, _ state: VersionState, revision: UInt64) throws -> Sealed<KeyRecord> {
        Sealed(
            unverified: KeyRecord(
                id: id, project: try ProjectID("shop"), name: try KeyName("k"), description: .none,
                algorithm: .rsa4096, usage: .signVerify, origin: .generated, availability: .enabled,
                versions: VersionLedger([.init(state: state, counter: revision)]), revision: revision,
                createdAt: time, changedAt: time), seal: seal)
    }

    private static func version(
        _ id: KeyID, _ life: VersionLife, counter: UInt64
    ) throws -> Sealed<VersionRecord> {
        Sealed(
            unverified: VersionRecord(
                id: VersionID(key: id, number: .first), project: try ProjectID("shop"), algorithm: .rsa4096,
                usage: .signVerify, origin: .generated, createdAt: time, changedAt: time, stateCounter: counter,
                life: life), seal: seal)
    }

    @Test func `a store of the first release opens with its keys as they were`() async throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/kms.sqlite"
        let id = KeyID()
        do {
            let queue = try DatabaseQueue(path: path)
            try Migrations.migrator.migrate(queue, upTo: "2026-01 keys, versions, credentials")
            try await queue.write { db in
                try db.execute(sql: "INSERT INTO token_binding VALUES (1, 't', 's', 1, zeroblob(32), 0)")
                try db.execute(sql: "INSERT INTO project VALUES ('shop', 0)")
                try db.execute(
                    sql: """
                        INSERT INTO "key" VALUES (?, 'shop', 'old', 'text', 'AES256-GCM96', 'generated', 'enabled',
                            x'01000000010000000000000001', 1, 5, 6, 1, zeroblob(32))
                        """, arguments: [Data(id.bytes)])
                try db.execute(
                    sql: """
                        INSERT INTO version VALUES (?, 1, 'shop', 'AES256-GCM96', 'generated', 'active', 1, 'AES-KWP', 1,
                            zeroblob(40), NULL, NULL, 5, 6, 1, zeroblob(32))
                        """, arguments: [Data(id.bytes)])
            }
            try queue.close()
        }
        let store = try SQLiteKeyStore.open(path: path, access: .existing)
        let stored = try #require(try await store.key(id, with: .active))
        let (key, version) = (stored.key.unverified, try #require(stored.version?.unverified))
        #expect(key.usage == .encryptDecrypt && key.tags == .none && key.rotation == nil && key.rotatedAt == nil)
        #expect(key.availabilityNote == nil && key.name.text == "old" && key.versions.active == .first)
        #expect(version.usage == .encryptDecrypt && version.note == nil && version.publicKey == nil)
        #expect(version.checkValue == nil && version.life.wrapped?.blob.count == 40)
        try store.close()
    }

    @Test func `a store of before keeps the expiry of its keys, and its versions have none of their own`() async throws
    {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/kms.sqlite"
        let id = KeyID()
        do {
            let queue = try DatabaseQueue(path: path)
            try Migrations.migrator.migrate(queue, upTo: "2026-06 key life, policies")
            try await queue.write { db in
                try db.execute(sql: "INSERT INTO project VALUES ('shop', 0)")
                try db.execute(
                    sql: """
                        INSERT INTO "key" (id, project_id, name, description, algorithm, origin, availability, ledger, revision,
                            created_at, changed_at, seal_epoch, seal, usage, material_expires_at)
                        VALUES (?, 'shop', 'old', 'text', 'AES256-GCM96', 'imported', 'enabled',
                            x'01000000010000000000000001', 1, 5, 6, 1, zeroblob(32), 'encryptDecrypt', 7)
                        """, arguments: [Data(id.bytes)])
                try db.execute(
                    sql: """
                        INSERT INTO version (key_id, number, project_id, algorithm, origin, state, state_counter,
                            wrap_mechanism, wrap_epoch, wrapped_key, created_at, changed_at, seal_epoch, seal, usage)
                        VALUES (?, 1, 'shop', 'AES256-GCM96', 'imported', 'active', 1, 'AES-KWP', 1, zeroblob(40), 5, 6, 1,
                            zeroblob(32), 'encryptDecrypt')
                        """, arguments: [Data(id.bytes)])
            }
            try queue.close()
        }
        let store = try SQLiteKeyStore.open(path: path, access: .existing)
        let stored = try #require(try await store.key(id, with: .active))
        let (key, version) = (stored.key.unverified, try #require(stored.version?.unverified))
        #expect(key.materialExpiresAt == Timestamp(milliseconds: 7) && key.defaultMaterialExpiry == nil)
        #expect(version.materialExpiry == nil && version.materialExpiresAt(in: key) == Timestamp(milliseconds: 7))
        #expect(key.defaultMaterialExpiresAt == Timestamp(milliseconds: 7))
        #expect(try await store.keysWithExpiredMaterial(by: Timestamp(milliseconds: 7), limit: 9) == [id])
        #expect(try await store.keysWithExpiredMaterial(by: Timestamp(milliseconds: 6), limit: 9).isEmpty)
        try store.close()
    }

    /// Includes a blob that is longer than a page and overflows into others.
    @Test(arguments: [40, 2400, 9000])
    func `what was destroyed is in no file of the store, however large it was`(_ count: Int) async throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try SQLiteKeyStore.open(path: folder + "/kms.sqlite", access: .create)
        let sample = try Sample()
        try await store.initialize(binding: sample.binding, directory: [Sample.document(.project, "shop")])
        let (id, blob) = (KeyID(), Self.noise(count))
        let wrapped = WrappedKey(mechanism: .aesKWP, epoch: .first, blob: blob)
        try await store.insert(
            Self.key(id, .active, revision: 1), versions: [Self.version(id, .active(wrapped), counter: 1)], answer: nil)
        try await store.apply(
            KeyChange(
                key: Self.key(id, .deactivated, revision: 2),
                updated: [Self.version(id, .deactivated(wrapped), counter: 2)]))
        try await store.apply(
            KeyChange(
                key: Self.key(id, .pendingDestruction, revision: 3),
                updated: [Self.version(id, .pendingDestruction(wrapped, due: Self.time), counter: 3)]))
        // A reader holds an older snapshot meanwhile, so the log cannot be emptied.
        let reader = try DatabasePool(path: folder + "/kms.sqlite")
        let snapshot = try reader.makeSnapshot()
        _ = try snapshot.read { try Row.fetchAll($0, sql: "SELECT * FROM document") }
        try await store.apply(
            KeyChange(
                key: Self.key(id, .destroyed, revision: 4),
                updated: [
                    Self.version(id, .destroyed(blobDigest: [UInt8](repeating: 1, count: 32)), counter: 4)
                ]))
        try snapshot.close()
        try reader.close()
        // The next round of the scheduler tries again.
        _ = try await store.deleteAnswers(before: Self.time, limit: 1)
        try requireNowhere(blob, in: folder, "\(count) bytes of a version")

        let other = Self.noise(count)
        let job = ImportJob(
            id: ImportJobID(), project: try ProjectID("shop"), subject: try SubjectID("maria"),
            wrappingAlgorithm: .rsa4096, method: .oaepSHA1, publicKey: PublicKeyInfo(der: [1]),
            wrapped: WrappedKey(mechanism: .aesKWP, epoch: .first, blob: other), createdAt: Self.time,
            expiresAt: Self.time)
        try await store.insert(Sealed(unverified: job, seal: Self.seal))
        #expect(try await store.importJob(job.id)?.unverified == job)
        #expect(try await store.importJobsExpired(by: Self.time, limit: 5) == [job.id])
        try await store.deleteImportJob(job.id)
        try requireNowhere(other, in: folder, "\(count) bytes of an import job")
        try store.close()
    }
}
