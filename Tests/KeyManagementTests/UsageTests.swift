import Foundation
import GRDB
import KMSTesting
import KeyManagement
import SecretMemory
import Testing

@Suite
struct UsageTests {
    let service: Service
    let key: KeyRecord

    init() async throws {
        service = try await Service()
        key = try await service.key()
    }

    private func limited(_ most: UInt64, rotateFrom: UInt64, block: UInt64) -> KeyService {
        KeyService(
            token: service.token, store: service.store, audit: MemoryAuditLog(), clock: service.clock,
            rules: KeyRules(usageLimit: UsageLimit(maxUses: most, rotateFrom: rotateFrom, block: block)),
            recordLease: .zero, logger: Service.logger)
    }

    private func reserved(_ number: UInt32 = 1) throws -> Int64? {
        try service.connection { db in
            try Int64.fetchOne(
                db, sql: "SELECT reserved FROM version_usage WHERE key_id = ? AND number = ?",
                arguments: [Data(key.id.bytes), number])
        }
    }

    @Test func `are reserved on disk before they are made, a block at a time`() async throws {
        let kms = limited(1000, rotateFrom: 1000, block: 10)
        let manager = try service.manager
        #expect(try reserved() == nil)
        for _ in 0..<10 { _ = try await kms.issueDataKey(under: .id(key.id), by: manager) }
        #expect(try reserved() == 10)
        _ = try await kms.issueDataKey(under: .id(key.id), by: manager)
        #expect(try reserved() == 20)
        // A process that dies leaves its whole block counted, so never fewer uses than were made.
        let next = limited(1000, rotateFrom: 1000, block: 10)
        _ = try await next.encrypt(SecretBytes(copying: [1]), under: .id(key.id), by: manager)
        #expect(try reserved() == 30)
        let items = (0..<25).map { _ in DataKeyItem() }
        _ = try await next.issueDataKeys(batch: items, under: .id(key.id), by: manager)
        #expect(try reserved() == 50, "9 were left, 20 more were needed")
    }

    @Test func `near the limit rotate the key; nobody is refused, and no version passes its limit`() async throws {
        let kms = limited(100, rotateFrom: 80, block: 10)
        let other = limited(100, rotateFrom: 80, block: 10)
        let manager = try service.manager
        var used: [VersionNumber: Int] = [:]
        for index in 0..<400 {
            let process = index % 2 == 0 ? kms : other
            used[
                try await process.issueDataKey(under: .id(key.id), by: manager).ciphertext.version.number, default: 0] +=
                1
        }
        #expect(used.values.allSatisfy { $0 <= 100 })
        #expect(used.count >= 4 && used.count <= 8)
        let now = try await kms.describeKey(.id(key.id), by: manager)
        #expect(now.versions.count >= 4 && now.state == .active)
    }

    @Test func `end at the limit when the key cannot be rotated`() async throws {
        let kms = limited(20, rotateFrom: 20, block: 10)
        let manager = try service.manager
        for _ in 0..<10 { _ = try await kms.issueDataKey(under: .id(key.id), by: manager) }
        // No successor can be made here.
        var refused: KMSError?
        let deaf = KeyService(
            token: SpyToken(service.token, failingToGenerateWith: .busy("full")), store: service.store,
            audit: MemoryAuditLog(),
            clock: service.clock, rules: KeyRules(usageLimit: UsageLimit(maxUses: 20, rotateFrom: 20, block: 10)),
            recordLease: .zero, logger: Service.logger)
        var made = 0
        do throws(KMSError) {
            for _ in 0..<100 {
                _ = try await deaf.issueDataKey(under: .id(key.id), by: manager)
                made += 1
            }
        } catch {
            refused = error
        }
        #expect(made == 10, "20 are the most, 10 were reserved by another process")
        #expect(refused?.code == .stateForbids)
        // Decryption has no limit, and a rotation makes room.
        _ = try await service.kms.rotate(.id(key.id), by: manager)
        #expect(try await deaf.issueDataKey(under: .id(key.id), by: manager).ciphertext.version.number.value == 2)
    }

    @Test func `that somebody lowers in the database, or copies from another version, are refused`() async throws {
        let kms = limited(1000, rotateFrom: 1000, block: 10)
        let manager = try service.manager
        _ = try await kms.issueDataKey(under: .id(key.id), by: manager)
        try service.sql("UPDATE version_usage SET reserved = 1")
        let fresh = limited(1000, rotateFrom: 1000, block: 10)
        let error = await refusal { try await fresh.issueDataKey(under: .id(key.id), by: manager) }
        #expect(error?.code == .recordTampered)
    }

    @Test func `that many callers need at once are reserved together, and each has its own`() async throws {
        let kms = limited(100_000, rotateFrom: 100_000, block: 7)
        let manager = try service.manager
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<300 { group.addTask { _ = try await kms.issueDataKey(under: .id(key.id), by: manager) } }
            try await group.waitForAll()
        }
        let count = try #require(try reserved())
        #expect(count >= 300 && count <= 300 + 7 * 300)
        await kms.storeCounts()
        let usage = try await kms.versionUsage(.first, of: .id(key.id), by: manager)
        #expect(usage.produced == 300 && usage.consumed == 0)
    }

    @Test func `are told for the last 90 days, also after a restart`() async throws {
        let ciphertext = try await service.encrypt("x", under: key)
        for _ in 0..<3 { _ = try await service.decrypt(ciphertext) }
        await service.kms.storeCounts()
        let last = service.clock.now
        service.clock.advance(by: .seconds(89 * 86_400))
        let viewer = try service.caller(.viewer)
        let usage = try await service.restarted().versionUsage(.first, of: .id(key.id), by: viewer)
        #expect(usage == UsageSummary(produced: 1, consumed: 3, lastAt: last))
        service.clock.advance(by: .seconds(86_400))
        #expect(try await service.kms.versionUsage(.first, of: .id(key.id), by: viewer) == .none)
    }

    @Test func `tell in a dry run what would stop, and a dry run changes nothing`() async throws {
        _ = try await service.encrypt("x", under: key)
        let before = try await service.kms.describeKey(.id(key.id), by: service.manager)
        let options = ChangeOptions(isDryRun: true)
        let outcome = try await service.kms.deactivateVersion(
            .first, of: .id(key.id), options: options, by: service.manager)
        guard case .planned(let changed, let impact) = outcome else {
            Issue.record("not planned: \(outcome)")
            return
        }
        #expect(changed.key.state == .deactivated)
        #expect(impact.versions.map(\.stops) == [[.produce]])
        #expect(impact.versions[0].usage.produced == 1)
        let disable = try await service.kms.disableKey(.id(key.id), options: options, by: service.manager)
        guard case .planned(_, let all) = disable else {
            Issue.record("not planned: \(disable)")
            return
        }
        #expect(all.versions.map(\.stops) == [[.produce, .consume]])
        #expect(try await service.kms.describeKey(.id(key.id), by: service.manager) == before)
    }
}
