import Foundation
import GRDB
import KMSTesting
import SecretMemory
import Testing

@testable import KeyManagement
@testable import StoreSQLite

/// Large stores are as fast as small ones. `KMS_SCALE_KEYS` increases the number of keys from the 20,000 of every run.
@Suite(.serialized)
struct ScaleTests {
    static let keyCount = ProcessInfo.processInfo.environment["KMS_SCALE_KEYS"].flatMap { Int($0) } ?? 20_000

    /// Puts keys with their versions into the store, all in one transaction.
    private func fill(_ service: Service, keys count: Int, versions: Int) async throws -> [KeyRecord] {
        let now = service.clock.now
        var keys: [Sealed<KeyRecord>] = []
        var all: [Sealed<VersionRecord>] = []
        for index in 0..<count {
            var key = KeyRecord(
                id: KeyID(), project: try Service.shop, name: try KeyName("key-\(index)-\(versions)"),
                description: .none, algorithm: .aes256GCM96, usage: .encryptDecrypt, origin: .generated,
                availability: .enabled, versions: .empty, revision: 1, createdAt: now, changedAt: now)
            var records: [VersionRecord] = []
            for _ in 0..<versions {
                let new = try await service.kms.newMaterial(.aes256GCM96, for: .encryptDecrypt, of: key.id)
                var edit = KeyEdit(key: key, active: records.last, subject: nil, now: now)
                try edit.add(new, for: .request)
                if let updated = edit.updated.first { records[records.count - 1] = updated }
                records += edit.inserted
                key = edit.key
            }
            let seals = try await service.token.seal([key.canonicalBytes] + records.map(\.canonicalBytes))
            keys.append(Sealed(unverified: key, seal: seals[0]))
            all += zip(records, seals.dropFirst()).map { Sealed(unverified: $0, seal: $1) }
        }
        let (rows, versionRows) = (keys, all)
        try await service.store.pool.write { db in
            for record in rows.map({ StoredRecord.key($0) }) + versionRows.map({ .version($0) }) {
                try db.run(DocumentRow.insert, try DocumentRow.arguments(of: record.write))
                guard let wrapped = record.wrapped, let owner = record.owner else { continue }
                try WrappedBlobRow.register(wrapped, of: owner, in: db)
            }
        }
        let members = try await service.kms.collectMembers()
        try await service.kms.state.replace(by: members, adding: nil)
        service.kms.records.noteChange()
        return keys.map(\.unverified)
    }

    /// Measures the time of one operation as the minimum of several rounds. Other suites run at the same time, so a factor of
    /// four is allowed, while the numbers differ by ten thousand.
    private func time(_ count: Int, _ body: (Int) async throws -> Void) async throws -> Duration {
        var best = Duration.seconds(3600)
        for _ in 0..<5 {
            let start = ContinuousClock.now
            for index in 0..<count { try await body(index) }
            best = min(best, (.now - start) / count)
        }
        return best
    }

    private struct Times {
        let describe: Duration
        let encrypt: Duration
        let decrypt: Duration

        func isWithin(_ factor: Double, of other: Times) -> Bool {
            describe < other.describe * factor && encrypt < other.encrypt * factor && decrypt < other.decrypt * factor
        }
    }

    private func times(_ kms: KeyService, _ keys: [KeyRecord], _ caller: Caller) async throws -> Times {
        var ciphertexts: [Ciphertext] = []
        for key in keys {
            ciphertexts.append(try await kms.encrypt(SecretBytes(copying: [1]), under: .id(key.id), by: caller))
        }
        let made = ciphertexts
        return Times(
            describe: try await time(200) { _ = try await kms.describeKey(.id(keys[$0 % keys.count].id), by: caller) },
            encrypt: try await time(200) {
                _ = try await kms.encrypt(SecretBytes(copying: [1]), under: .id(keys[$0 % keys.count].id), by: caller)
            },
            decrypt: try await time(200) { _ = try await kms.decrypt(made[$0 % made.count], by: caller) })
    }

    private func kms(_ service: Service) -> KeyService {
        KeyService(
            token: service.token, store: service.store, audit: MemoryAuditLog(), clock: service.clock,
            recordLease: .seconds(3600),
            logger: Service.logger)
    }

    @Test func `10,000 versions of one key are as fast as one`() async throws {
        let service = try await Service()
        let small = try await fill(service, keys: 1, versions: 1)
        let large = try await fill(service, keys: 1, versions: 10_000)
        let caller = try service.manager
        let few = try await times(kms(service), small, caller)
        let many = try await times(kms(service), large, caller)
        print("scale: 1 version \(few); 10,000 versions \(many)")
        #expect(many.isWithin(4, of: few), "\(few) \(many)")
        // The oldest version decrypts as fast as the newest, and a restarted service reads no more than it needs.
        let start = ContinuousClock.now
        let version = try await service.restarted().describeVersion(.first, of: .id(large[0].id), by: caller)
        #expect(version.state == .deactivated && .now - start < .seconds(2))
        _ = try await service.kms.rotate(.id(large[0].id), by: caller)
        #expect(try await service.kms.listVersions(of: .id(large[0].id), by: caller).items.count == 100)
    }

    @Test func `many keys are as fast as one`() async throws {
        let service = try await Service()
        let small = try await fill(service, keys: 1, versions: 1)
        let caller = try service.manager
        let few = try await times(kms(service), small, caller)
        let large = try await fill(service, keys: Self.keyCount, versions: 2)
        let some = stride(from: 0, to: large.count, by: large.count / 100).map { large[$0] }
        let many = try await times(kms(service), some, caller)
        print("scale: 1 key \(few); \(Self.keyCount) keys, 100 of them in use \(many)")
        #expect(many.isWithin(4, of: few), "\(few) \(many)")
        let page = try await service.kms.listKeys(limit: PageLimit(1000), by: caller)
        #expect(page.items.count == 1000 && page.next != nil)
    }
}
