import GRDB
import KMSTesting
import KeyManagement
import SecretMemory
import Testing

@Suite struct KeyUsageTests {
    let service: Service
    let key: KeyRecord

    init() async throws {
        service = try await Service()
        key = try await service.key()
    }

    private func uses(_ kms: KeyService? = nil) async throws -> [String: UInt64] {
        let uses = try await (kms ?? service.kms).readKeyUsage(of: .id(key.id), by: try service.manager)
        return Dictionary(uniqueKeysWithValues: uses.map { ("\($0.subject) \($0.verb)", $0.count) })
    }

    @Test func `whoever used a key is listed with the verb, and refused or failed attempts are not`() async throws {
        let (user, manager) = (try service.caller(.user), try service.manager)
        #expect(try await uses().isEmpty)
        let plaintext = SecretBytes(copying: [1])
        let ciphertext = try await service.kms.encrypt(plaintext, under: .id(key.id), by: user)
        _ = try await service.kms.encrypt(
            batch: [EncryptItem(plaintext: plaintext), EncryptItem(plaintext: plaintext)], under: .id(key.id), by: user)
        service.clock.advance(by: .seconds(10))
        _ = try await service.kms.decrypt(ciphertext, by: manager)
        _ = await refusal {
            try await service.kms.decrypt(ciphertext, context: EncryptionContext(["a": "b"]), by: user)
        }
        _ = await refusal { try await service.kms.encrypt(plaintext, under: .id(key.id), by: service.caller(.viewer)) }
        #expect(try await uses() == ["user encrypt": 3, "manager decrypt": 1])
        let latest = try await service.kms.readKeyUsage(of: .id(key.id), by: manager).first
        #expect(latest?.verb == .decrypt && latest?.lastAt == service.clock.now)
        // The counts are in the store, and another process adds to them.
        let other = service.restarted()
        _ = try await other.decrypt(ciphertext, by: manager)
        #expect(try await uses(other) == ["user encrypt": 3, "manager decrypt": 2])
        let entry = service.audit.entries.last
        #expect(entry?.verb == "readKeyUsage" && entry?.key == key.id)
    }

    @Test func `it is for managers, and only of the keys that they may see`() async throws {
        for role in [Role.viewer, .user] {
            let error = await refusal { try await service.kms.readKeyUsage(of: .id(key.id), by: service.caller(role)) }
            #expect(error?.code == .accessDenied)
        }
        let elsewhere = await refusal {
            try await service.kms.readKeyUsage(of: .id(key.id), by: service.caller(.manager, in: Service.bank))
        }
        #expect(elsewhere?.code == .keyNotFound)
    }

    @Test func `uses of 90 days ago are forgotten, and those of a deleted key at once`() async throws {
        let manager = try service.manager
        _ = try await service.encrypt("a", under: key)
        #expect(try await uses() == ["manager encrypt": 1])
        service.clock.advance(by: .seconds(92 * 86_400))
        _ = await service.kms.runDueTasks()
        #expect(try await uses().isEmpty)
        _ = try await service.encrypt("b", under: key)
        #expect(try await uses() == ["manager encrypt": 1])
        _ = try await service.destroy(1, of: key)
        _ = try await service.kms.deleteKey(.id(key.id), by: manager)
        #expect(try service.connection { try Int.fetchOne($0, sql: "SELECT count(*) FROM key_use") } == 0)
    }
}
