import Foundation
import GRDB
import KMSTesting
import KeyManagement
import SecretMemory
import StoreSQLite
import Testing

/// An attacker with the database file, an SQL shell, and older copies of rows with genuine seals.
@Suite
struct ReplayTests {
    let service: Service
    let key: KeyRecord
    /// A ciphertext by version 1.
    let ciphertext: Ciphertext

    init() async throws {
        service = try await Service()
        var key = try await service.key()
        ciphertext = try await service.encrypt("secret", under: key)
        try service.sql("CREATE TABLE once AS SELECT * FROM version")
        for _ in 2...3 { key = try await service.kms.rotate(.id(key.id), by: service.manager) }
        try service.sql("CREATE TABLE kept AS SELECT * FROM version")
        self.key = key
    }

    /// Restores a row from its copy.
    private func restore(_ number: Int, from table: String = "kept") throws {
        try service.sql(
            "DELETE FROM version WHERE number = \(number); INSERT INTO version SELECT * FROM \(table) WHERE number = \(number)"
        )
    }

    /// Verifies that version 1 cannot be used, by a service that has used it before and by one that has not.
    private func requireRefused() async throws {
        for kms in [service.kms, service.restarted()] {
            let describe = await refusal("describe") {
                try await kms.describeVersion(.first, of: .id(key.id), by: service.manager)
            }
            #expect(describe?.code == .recordTampered)
            let decrypt = await refusal("decrypt") { try await kms.decrypt(ciphertext, by: service.manager) }
            #expect(decrypt?.code == .recordTampered)
            let list = await refusal("list") { try await kms.listVersions(of: .id(key.id), by: service.manager) }
            #expect(list?.code == .recordTampered)
        }
    }

    @Test func `do no harm when they are what the rows are anyway`() async throws {
        for number in 1...3 { try restore(number) }
        #expect(try await service.decrypt(ciphertext) == "secret")
    }

    @Test func `do not bring back a version that waits for its destruction`() async throws {
        _ = try await service.schedule(1, of: key)
        #expect(await refusal { try await service.decrypt(ciphertext) }?.code == .stateForbids)
        try restore(1)
        try await requireRefused()
    }

    @Test func `do not bring back a version that was destroyed`() async throws {
        _ = try await service.destroy(1, of: key)
        #expect(await refusal { try await service.decrypt(ciphertext) }?.code == .stateForbids)
        try restore(1)
        try await requireRefused()
    }

    @Test func `do not make a version active again`() async throws {
        try service.sql("DELETE FROM version")
        try service.sql("INSERT INTO version SELECT * FROM once")
        try await requireRefused()
        let encrypt = await refusal {
            try await service.kms.encrypt(SecretBytes(copying: [1]), under: .id(key.id), by: service.manager)
        }
        #expect(encrypt?.code == .recordTampered)
    }

    @Test func `do not make a key of before its first version use the version that it has now`() async throws {
        let early = try await service.kms.make(
            CreateKeyRequest(name: try KeyName("early"), staysInPreActivation: true), by: service.manager)
        try service.sql("CREATE TABLE early AS SELECT * FROM key WHERE name = 'early'")
        _ = try await service.kms.rotate(.id(early.id), by: service.manager)
        try service.sql(
            "UPDATE key SET ledger = early.ledger, revision = early.revision, changed_at = early.changed_at, seal_epoch = early.seal_epoch, seal = early.seal FROM early WHERE key.id = early.id"
        )
        for kms in [service.kms, service.restarted()] {
            let issue = await refusal { try await kms.issueDataKey(under: .id(early.id), by: service.manager) }
            #expect(issue?.code == .recordTampered)
            let rotate = await refusal { try await kms.rotate(.id(early.id), by: service.manager) }
            #expect(rotate?.code == .recordTampered)
        }
    }

    @Test func `of a key alone do not pass a service that has seen the newer one`() async throws {
        try service.sql("CREATE TABLE before AS SELECT * FROM key")
        let updated = try await service.kms.update(
            .id(key.id), description: KeyDescription("new"), by: service.manager)
        #expect(try await service.kms.describeKey(.id(key.id), by: service.manager) == updated)
        try service.sql(
            "UPDATE key SET revision = before.revision, changed_at = before.changed_at, seal_epoch = before.seal_epoch, seal = before.seal FROM before WHERE key.id = before.id"
        )
        let describe = await refusal { try await service.kms.describeKey(.id(key.id), by: service.manager) }
        #expect(describe?.code == .recordTampered)
    }

    @Test func `do not pass when another version's row makes up for the difference in state and count`() async throws {
        _ = try await service.schedule(1, of: key)
        try restore(1)
        // The seal of version 2 is not checked while version 1 is used.
        try service.sql(
            """
            UPDATE version SET state = 'pendingDestruction', destroy_due_at = 1, state_counter = state_counter + 1
            WHERE number = 2
            """)
        try await requireRefused()
    }

    @Test func `do not pass when another version's row makes up for a destruction`() async throws {
        _ = try await service.destroy(1, of: key)
        try restore(1)
        try service.sql(
            """
            UPDATE version SET state = 'destroyed', blob_digest = zeroblob(32), state_counter = state_counter + 2,
                wrapped_key = NULL, wrap_epoch = NULL, wrap_mechanism = NULL
            WHERE number = 2
            """)
        try await requireRefused()
    }
}
