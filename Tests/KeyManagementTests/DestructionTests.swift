import Foundation
import GRDB
import KMSTesting
import KeyManagement
import StoreSQLite
import Testing

@Suite
struct DestructionTests {
    let service: Service
    let key: KeyRecord
    let ciphertext: Ciphertext
    var reference: KeyReference { .id(key.id) }

    init() async throws {
        service = try await Service()
        let first = try await service.key()
        ciphertext = try await service.encrypt("gone soon", under: first)
        key = try await service.kms.rotate(.id(first.id), by: service.manager)
    }

    private func schedule(_ days: Int? = nil) async throws -> VersionRecord {
        let note = ChangeNote(reason: .superseded, comment: try KeyDescription("new contract"))
        let outcome = try await service.kms.scheduleDestruction(
            of: .first, of: reference, in: days, options: ChangeOptions(note: note), by: service.manager)
        return try #require(try outcome.changed.version)
    }

    @Test func `waits 30 days, ends all use at once, and erases the blob when its time has come; the reason is kept`()
        async throws
    {
        let blob = try #require(
            try await service.kms.describeVersion(.first, of: reference, by: service.manager).life.wrapped?.blob)
        let scheduled = try await schedule()
        guard case .pendingDestruction(_, let due) = scheduled.life else {
            Issue.record("not scheduled")
            return
        }
        #expect(due == service.clock.now.adding(days: 30))
        #expect(await refusal { try await service.decrypt(ciphertext) }?.code == .stateForbids)
        #expect(service.token.forgottenVersions == [VersionID(key: key.id, number: .first)])
        service.clock.set(Timestamp(milliseconds: due.milliseconds - 1))
        #expect(await service.kms.runDueTasks().isEmpty)
        let early = await refusal {
            try await service.kms.destroyVersion(.first, of: reference, by: service.manager)
        }
        #expect(early?.code == .stateForbids)
        service.clock.set(due)
        #expect(await service.restarted().runDueTasks().destroyed == [VersionID(key: key.id, number: .first)])
        #expect(await service.kms.runDueTasks().isEmpty)
        let gone = try await service.kms.describeVersion(.first, of: reference, by: service.manager)
        #expect(
            gone.state == .destroyed && gone.note?.reason == .superseded && gone.note?.comment.text == "new contract")
        #expect(await refusal { try await service.decrypt(ciphertext) }?.code == .stateForbids)
        try requireNowhere(blob)
    }

    /// Searches every file of the store, byte for byte: the database with its free pages, and the log.
    private func requireNowhere(_ blob: [UInt8]) throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: service.directory)
        #expect(files.contains("kms.sqlite"))
        for file in files {
            let data = try #require(FileManager.default.contents(atPath: service.directory + "/" + file))
            #expect(data.range(of: Data(blob)) == nil, "\(file) still has the blob")
        }
    }

    @Test func `can be called off until it is done; then the version decrypts again`() async throws {
        _ = try await schedule(7)
        _ = try await service.kms.cancelDestruction(of: .first, of: reference, by: service.manager)
        #expect(try await service.decrypt(ciphertext) == "gone soon")
        service.clock.advance(by: .seconds(100 * 86_400))
        #expect(await service.kms.runDueTasks().isEmpty)
    }

    @Test func `waits 7 to 365 days unless configured otherwise`() async throws {
        for days in [-1, 0, 6, 366, .max] {
            #expect(await refusal { try await schedule(days) }?.code == .invalidRequest, "\(days)")
        }
        let quick = KeyService(
            token: service.token, store: service.store, audit: service.audit, clock: service.clock,
            rules: KeyRules(minDestructionDays: 0), recordLease: .zero, logger: Service.logger)
        _ = try await quick.scheduleDestruction(of: .first, of: reference, in: 0, by: service.manager)
        #expect(await quick.runDueTasks().destroyed.count == 1)
    }

    @Test func `of all versions makes a key that can be deleted, and only then; a tombstone remains, the name is free`()
        async throws
    {
        let manager = try service.manager
        #expect(await refusal { try await service.kms.deleteKey(reference, by: manager) }?.code == .stateForbids)
        _ = try await service.kms.setAlias(try KeyName("alias"), to: reference, by: manager)
        let two = try #require(VersionNumber(2))
        _ = try await service.kms.deactivateVersion(two, of: reference, by: manager)
        _ = try await schedule(7)
        _ = try await service.kms.scheduleDestruction(of: two, of: reference, in: 7, by: manager)
        #expect(await refusal { try await service.kms.deleteKey(reference, by: manager) }?.code == .stateForbids)
        service.clock.advance(by: .seconds(8 * 86_400))
        #expect(await service.kms.runDueTasks().destroyed.count == 2)
        let last = try await service.kms.describeKey(reference, by: manager)
        #expect(last.state == .destroyed)
        #expect(await refusal { try await service.kms.rotate(reference, by: manager) }?.code == .stateForbids)
        _ = try await service.kms.deleteKey(reference, by: manager)
        #expect(await refusal { try await service.kms.describeKey(reference, by: manager) } == .keyNotFound(reference))
        #expect(try await service.kms.listAliases(by: manager).items.isEmpty)
        #expect(await refusal { try await service.decrypt(ciphertext) } == .decryptionFailed)
        let tombstone = try #require(try await service.store.tombstone(of: key.id)?.unverified)
        #expect(tombstone.name == key.name && tombstone.recordDigest.count == 32)
        #expect(try await service.key().id != key.id, "the name is free again")
    }

    @Test func `destroying, rotating and deactivating at once ends in a legal state, and everybody is told the truth`()
        async throws
    {
        let manager = try service.manager
        _ = try await schedule(7)
        service.clock.advance(by: .seconds(8 * 86_400))
        let (one, two) = (service.restarted(), service.restarted())
        let reference = reference
        let counts = try await withThrowingTaskGroup(of: (String, Bool).self) { group in
            for kms in [one, two] {
                group.addTask {
                    (
                        "destroy",
                        await Self.succeeds { try await kms.destroyVersion(.first, of: reference, by: manager) }
                    )
                }
                group.addTask {
                    (
                        "cancel",
                        await Self.succeeds { try await kms.cancelDestruction(of: .first, of: reference, by: manager) }
                    )
                }
                group.addTask { ("rotate", await Self.succeeds { try await kms.rotateKey(reference, by: manager) }) }
                group.addTask {
                    let second = try #require(VersionNumber(2))
                    return (
                        "deactivate",
                        await Self.succeeds {
                            try await kms.deactivateVersion(second, of: reference, by: manager)
                        }
                    )
                }
            }
            return try await group.reduce(into: [String: Int]()) { if $1.1 { $0[$1.0, default: 0] += 1 } }
        }
        let destroyed = counts["destroy"] ?? 0, cancelled = counts["cancel"] ?? 0
        #expect(destroyed + cancelled == 1, "exactly one of them ended the waiting: \(counts)")
        #expect(counts["rotate"] == 2)
        let versions = try await service.kms.listVersions(of: reference, by: manager).items
        #expect(
            versions.map(\.state) == [.active, .deactivated, .deactivated, destroyed == 1 ? .destroyed : .deactivated])
    }

    private static func succeeds(_ body: () async throws -> ChangeOutcome) async -> Bool {
        do {
            _ = try await body()
            return true
        } catch {
            #expect((error as? KMSError)?.code == .stateForbids, "\(error)")
            return false
        }
    }
}
