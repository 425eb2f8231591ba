import Foundation
import GRDB
import KMSTesting
import KeyManagement
import SecretMemory
import Testing

/// What an attacker can do with the table of documents itself: its kinds, its columns and the times by which documents are found.
@Suite struct DocumentTamperTests {
    let service: Service

    init() async throws { service = try await Service() }

    private func findings() async throws -> [String] { try await service.kms.verifyStore().findings }

    @Test func `a row of an unknown kind makes up for no missing record`() async throws {
        let key = try await service.key("one")
        _ = try await service.kms.setAlias(try KeyName("second"), to: .id(key.id), by: service.manager)
        #expect(try await findings().isEmpty)
        try service.sql("DELETE FROM document WHERE kind = 'alias'")
        try service.sql(
            "INSERT INTO document (kind, place, revision, seal_epoch, seal, content) VALUES ('x', x'01', 1, 1, zeroblob(32), x'00')"
        )
        #expect(try await !findings().isEmpty)
        await #expect(throws: KMSError.self) { try await service.kms.custodyReport(by: service.administrator) }
    }

    @Test(arguments: ["fixed = x'00'", "label = x'01'", "end_at = 1", "group_key = zeroblob(16)", "name = x'02'"])
    func `a column that does not follow from the content is found, and the record is refused`(_ change: String)
        async throws
    {
        let key = try await service.key("one")
        try service.sql("UPDATE document SET \(change) WHERE kind = 'key'")
        let error = await refusal { try await service.kms.disableKey(.id(key.id), by: service.manager) }
        #expect(error?.code == .recordTampered)
        #expect(try await findings().contains { $0.contains(key.id.description) })
        // The witness of the audit log reports it, and does not fail.
        let seen = WitnessedRecord(kind: "key", id: key.id.description)
        #expect(try await service.kms.checkWitness([seen]).map(\.finding) == ["it cannot be decoded"])
    }

    @Test func `an idempotent answer is not forgotten because a column says that it is old`() async throws {
        let key = try await service.key("one")
        let request = IdempotentRequest(key: try IdempotencyKey("once"), digest: [UInt8](repeating: 1, count: 32)) {
            _ in [7]
        }
        let options = ChangeOptions(idempotency: request)
        _ = try await service.kms.rotateKey(.id(key.id), options: options, by: service.manager)
        try service.sql("UPDATE document SET end_at = 1 WHERE kind = 'answer'")
        #expect(await service.kms.runDueTasks().failures == 0)
        let count = try service.connection {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM document WHERE kind = 'answer'")
        }
        #expect(count == 1)
        let again = await refusal {
            _ = try await service.kms.rotateKey(.id(key.id), options: options, by: service.manager)
        }
        #expect(again?.code == .recordTampered)
        #expect(try await service.kms.describeKey(.id(key.id), by: service.manager).versions.count == 2)
    }

    @Test func `counts of uses do not overflow, and a planted subject is malformed`() async throws {
        let key = try await service.key("one")
        _ = try await service.encrypt("a", under: key)
        _ = try await service.kms.readKeyUsage(of: .id(key.id), by: service.manager)
        try service.sql("UPDATE key_use SET count = 9223372036854775807")
        try service.sql("UPDATE version_use SET produced = 9223372036854775807")
        _ = try await service.encrypt("b", under: key)
        let other = try await service.key("two")
        _ = try await service.encrypt("c", under: other)
        #expect(try await service.kms.readKeyUsage(of: .id(other.id), by: service.manager).map(\.count) == [1])
        #expect(
            try await service.kms.readKeyUsage(of: .id(key.id), by: service.manager).map(\.count) == [.init(Int64.max)])
        try service.sql("UPDATE key_use SET subject = 'a' || char(10)")
        let error = await refusal { try await service.kms.readKeyUsage(of: .id(key.id), by: service.manager) }
        #expect(error?.code == .recordTampered)
    }
}
