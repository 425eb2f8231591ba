import Foundation
import GRDB
import KMSTesting
import KeyManagement
import Testing

@Suite
struct RootLifeTests {
    let service: Service

    init() async throws { service = try await Service() }

    @Test func `all kinds of records come under the new roots, and say what they said`() async throws {
        let administrator = try service.administrator
        let key = try await service.key("a", versions: 3)
        let ciphertext = try await service.encrypt("before", under: key)
        _ = try await service.kms.setAlias(try KeyName("second"), to: .id(key.id), by: try service.manager)
        _ = try await service.kms.rotateRoots(by: administrator)
        let certificate = try await service.kms.retireRoots(.first, by: administrator)
        #expect(service.token.identity.checkValues.keys.map(\.number) == [2])
        #expect(try await service.decrypt(ciphertext) == "before")
        let epochs = try service.connection { db in
            try ["directory", "\"key\"", "version", "alias", "version_usage"].flatMap {
                try Int.fetchAll(db, sql: "SELECT DISTINCT seal_epoch FROM \($0)")
            } + Int.fetchAll(db, sql: "SELECT DISTINCT wrap_epoch FROM version")
        }
        #expect(Set(epochs) == [2])
        guard case .certificate(let read) = try certificate.verified(CustodyExpectation(epoch: .first)) else {
            Issue.record("no certificate")
            return
        }
        let ofKey = read.unreadable.filter { $0.key == key.id.description }
        #expect(ofKey.count == 3 && Set(ofKey.compactMap(\.version)) == [1, 2, 3])
        // The fourth is the key of the state digest.
        #expect(read.unreadable.count == 4)
        // The store accepts nothing more under the epoch, whatever process writes it.
        #expect(throws: DatabaseError.self) { try service.sql("UPDATE version SET seal_epoch = 1") }
    }

    @Test func `a record that was changed is not sealed again, and its roots are not retired`() async throws {
        let administrator = try service.administrator
        let key = try await service.key("a", versions: 2)
        try service.sql("UPDATE version SET state_counter = state_counter + 1 WHERE number = 1")
        _ = try await service.kms.rotateRoots(by: administrator)
        await #expect(throws: KMSError.self) { try await service.kms.retireRoots(.first, by: administrator) }
        #expect(service.token.identity.checkValues.count == 2)
        let left = try service.connection { db in
            try Int.fetchAll(db, sql: "SELECT number FROM version WHERE seal_epoch = 1")
        }
        #expect(left == [1])
        let report = try await service.kms.verifyStore()
        #expect(report.findings.contains { $0.contains(key.id.description) && $0.contains("not what was sealed") })
    }

    @Test func `a record that cannot be read hides no other: it is reported, and the others come under the new roots`()
        async throws
    {
        let administrator = try service.administrator
        var keys: [KeyRecord] = []
        for name in ["a", "b", "c", "d"] { keys.append(try await service.key(name)) }
        keys.sort { $0.id.bytes.lexicographicallyPrecedes($1.id.bytes) }
        // The first cannot be read, and the seal of the third is wrong.
        try service.sql(
            "UPDATE document SET content = x'00' WHERE kind = 'key' AND place = ?", [Data(keys[0].id.bytes)])
        try service.sql(
            "UPDATE document SET seal = zeroblob(32) WHERE kind = 'key' AND place = ?", [Data(keys[2].id.bytes)])
        let report = try await service.kms.verifyStore()
        for key in [keys[0], keys[2]] {
            #expect(report.findings.contains { $0.contains(key.id.description) && $0.contains("not what was sealed") })
        }
        #expect(
            !report.findings.contains { $0.contains(keys[1].id.description) || $0.contains(keys[3].id.description) })
        _ = try await service.kms.rotateRoots(by: administrator)
        await #expect(throws: KMSError.self) { try await service.kms.retireRoots(.first, by: administrator) }
        let left = try service.connection { db in
            try Data.fetchAll(
                db, sql: "SELECT place FROM document WHERE kind = 'key' AND seal_epoch = 1 ORDER BY place")
        }
        #expect(left == [Data(keys[0].id.bytes), Data(keys[2].id.bytes)])
    }

    @Test func `what was destroyed before is on the certificate, too`() async throws {
        let administrator = try service.administrator
        let key = try await service.key("a", versions: 2)
        _ = try await service.destroy(1, of: key)
        _ = try await service.kms.rotateRoots(by: administrator)
        let certificate = try await service.kms.retireRoots(.first, by: administrator)
        let read = try DestructionCertificate(json: certificate.content)
        #expect(Set(read.unreadable.compactMap(\.version)) == [1, 2])
    }
}
