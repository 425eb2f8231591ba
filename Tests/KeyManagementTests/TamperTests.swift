import Foundation
import GRDB
import KMSTesting
import SecretMemory
import StoreSQLite
import Testing

@testable import KeyManagement

/// An attacker with the database file and an SQL shell. Nothing that the attacker changes is used.
@Suite
struct TamperTests {
    let service: Service
    /// A key with version 1 deactivated, version 2 pending destruction, version 3 destroyed, version 4 deactivated, and version 5
    /// active.
    let key: KeyRecord
    let first: Ciphertext
    let last: Ciphertext

    init() async throws {
        service = try await Service()
        var key = try await service.key(versions: 1)
        first = try await service.encrypt("first", under: key)
        for _ in 2...5 { key = try await service.kms.rotate(.id(key.id), by: service.manager) }
        last = try await service.encrypt("last", under: key)
        key = try await service.schedule(2, of: key)
        key = try await service.destroy(3, of: key)
        self.key = key
        #expect(try await service.decrypt(first) == "first")
        #expect(try await service.decrypt(last) == "last")
        let states = try await service.restarted().listVersions(of: .id(key.id), by: service.manager).items.map(\.state)
        #expect(states == [.active, .deactivated, .destroyed, .pendingDestruction, .deactivated])
    }

    /// Verifies that all uses that read the key's record fail, in a service that has used it before and in one that has not.
    private func requireKeyRefused(_ what: String, by reference: KeyReference? = nil) async throws {
        let reference = reference ?? .id(key.id)
        let manager = try service.manager
        for kms in [service.kms, service.restarted()] {
            let calls: [(String, () async throws -> Void)] = [
                ("describe", { _ = try await kms.describeKey(reference, by: manager) }),
                ("encrypt", { _ = try await kms.encrypt(SecretBytes(copying: [1]), under: reference, by: manager) }),
                ("issue", { _ = try await kms.issueDataKey(under: reference, by: manager) }),
                ("rotate", { _ = try await kms.rotate(reference, by: manager) }),
                ("update", { _ = try await kms.update(reference, description: KeyDescription.none, by: manager) }),
                ("describe version", { _ = try await kms.describeVersion(.first, of: reference, by: manager) }),
                ("list versions", { _ = try await kms.listVersions(of: reference, by: manager) }),
                ("decrypt, named", { _ = try await kms.decrypt(first, under: reference, by: manager) }),
            ]
            for (name, call) in calls {
                #expect(await refusal("\(what): \(name)", of: call)?.code == .recordTampered, "\(what): \(name)")
            }
        }
    }

    /// Verifies that all uses of one version fail, in a service that has used it before and in one that has not.
    private func requireVersionRefused(_ number: UInt32, _ what: String) async throws {
        let version = try #require(VersionNumber(number))
        let manager = try service.manager
        for kms in [service.kms, service.restarted()] {
            let describe = await refusal("\(what): describe") {
                try await kms.describeVersion(version, of: .id(key.id), by: manager)
            }
            #expect(describe?.code == .recordTampered, "\(what): describe")
            for ciphertext in [first, last] where ciphertext.version.number == version {
                let decrypt = await refusal("\(what): decrypt") { try await kms.decrypt(ciphertext, by: manager) }
                #expect(decrypt?.code == .recordTampered, "\(what): decrypt")
            }
            guard number == 5 else { continue }
            let encrypt = await refusal("\(what): encrypt") {
                try await kms.encrypt(SecretBytes(copying: [1]), under: .id(key.id), by: manager)
            }
            #expect(encrypt?.code == .recordTampered, "\(what): encrypt")
        }
    }

    @Test(arguments: [
        "project_id = 'bank'", "algorithm = 'AES256-GCM95'", "origin = 'generatee'", "availability = 'disabled'",
        "ledger = CAST(x'04' || substr(ledger, 2) AS BLOB)", "ledger = x''", "ledger = zeroblob(13)",
        "ledger = substr(ledger, 1, 13)", "ledger = CAST(ledger || ledger AS BLOB)",
        "ledger = CAST(substr(ledger, 1, 12) || x'07' || substr(ledger, 14) AS BLOB)",
        "revision = revision + 1",
        "revision = revision - 1", "created_at = created_at + 1", "changed_at = changed_at - 1", "seal_epoch = 2",
        "seal = zeroblob(32)", "seal = (SELECT seal FROM version WHERE number = 5)",
    ])
    func `no sealed column of a key can be changed`(_ change: String) async throws {
        try service.sql("UPDATE key SET \(change)")
        try await requireKeyRefused(change)
    }

    @Test func `the id of a key cannot be changed: its name would lead to another key's`() async throws {
        try service.sql("UPDATE key SET id = zeroblob(16); UPDATE version SET key_id = zeroblob(16)")
        try await requireKeyRefused("id", by: .name(key.name))
        #expect(await refusal { try await service.decrypt(first) }?.code == .recordTampered)
    }

    @Test(
        arguments: [UInt32(1), 5],
        [
            "project_id = 'bank'", "algorithm = 'AES256-GCM95'", "origin = 'generatee'",
            "state = 'pendingDestruction', destroy_due_at = 1", "state = 'destroyed'",
            "state = 'destroyed', wrapped_key = NULL, wrap_epoch = NULL, wrap_mechanism = NULL, blob_digest = zeroblob(32)",
            "state_counter = state_counter + 1", "state_counter = state_counter - 1", "wrap_mechanism = 'AES-KWP'",
            "wrap_mechanism = NULL", "wrap_epoch = 2", "wrapped_key = zeroblob(40)", "wrapped_key = NULL",
            "wrapped_key = substr(wrapped_key, 1, 39)", "wrapped_key = CAST(wrapped_key || x'00' AS BLOB)",
            "destroy_due_at = 1",
            "blob_digest = zeroblob(32)", "created_at = created_at - 1", "changed_at = changed_at + 1",
            "seal_epoch = 2",
            "seal = zeroblob(32)", "number = 9", "key_id = zeroblob(16)",
        ])
    func `no column of a version can be changed`(_ number: UInt32, _ change: String) async throws {
        try service.sql("UPDATE version SET \(change) WHERE number = \(number)")
        try await requireVersionRefused(number, change)
    }

    @Test(arguments: ["wrapped_key", "seal"]) func `no bit of a wrapped key or of a seal can be flipped`(
        _ column: String
    ) async throws {
        let original = try service.connection { db in
            try Data.fetchOne(db, sql: "SELECT \(column) FROM version WHERE number = 1")
        }
        let bytes = try #require(original)
        for index in bytes.indices {
            var flipped = bytes
            flipped[index] ^= 1 << UInt8(index % 8)
            try service.sql("UPDATE version SET \(column) = ? WHERE number = 1", [flipped])
            let error = await refusal("byte \(index)") { try await service.decrypt(first) }
            #expect(error?.code == .recordTampered, "byte \(index)")
        }
        try service.sql("UPDATE version SET \(column) = ? WHERE number = 1", [bytes])
        #expect(try await service.decrypt(first) == "first", "as it was, it works again")
    }

    @Test func `the due time of a destruction and the digest of what was destroyed cannot be changed`() async throws {
        try service.sql("UPDATE version SET destroy_due_at = destroy_due_at + 1 WHERE number = 2")
        try await requireVersionRefused(2, "due later")
        try service.sql("UPDATE version SET blob_digest = zeroblob(32) WHERE number = 3")
        try await requireVersionRefused(3, "another digest")
    }

    @Test func `the blobs of two versions cannot be swapped, with their wrapping or with their seals too`() async throws
    {
        try service.sql("CREATE TABLE backup AS SELECT * FROM version")
        let groups = [
            ["wrapped_key"], ["wrapped_key", "wrap_mechanism", "wrap_epoch"], ["wrapped_key", "seal", "seal_epoch"],
        ]
        for columns in groups {
            func take(from number: String) -> String {
                let values = columns.map { "\($0) = (SELECT \($0) FROM backup WHERE backup.number = \(number))" }
                return "UPDATE version SET \(values.joined(separator: ", ")) WHERE number IN (1, 4)"
            }
            try service.sql(take(from: "5 - version.number"))
            try await requireVersionRefused(1, "\(columns)")
            try await requireVersionRefused(4, "\(columns)")
            try service.sql(take(from: "version.number"))
            #expect(try await service.decrypt(first) == "first", "as it was, it works again")
        }
    }

    @Test func `the versions of two keys cannot be swapped`() async throws {
        let other = try await service.key("other")
        let foreign = try await service.encrypt("foreign", under: other)
        try service.sql("DELETE FROM version WHERE key_id = ?", [Data(other.id.bytes)])
        try service.sql(
            """
            INSERT INTO version (key_id, number, project_id, algorithm, origin, state, state_counter, wrap_mechanism,
                wrap_epoch, wrapped_key, destroy_due_at, blob_digest, created_at, changed_at, seal_epoch, seal)
            SELECT :other, number, project_id, algorithm, origin, 'active', 1, wrap_mechanism,
                wrap_epoch, wrapped_key, NULL, NULL, created_at, changed_at, seal_epoch, seal
            FROM version WHERE number = 1
            """, ["other": Data(other.id.bytes)])
        #expect(await refusal { try await service.decrypt(foreign) }?.code == .recordTampered)
        let restarted = service.restarted()
        let encrypt = await refusal {
            try await restarted.encrypt(SecretBytes(copying: [1]), under: .id(other.id), by: service.manager)
        }
        #expect(encrypt?.code == .recordTampered)
        #expect(try await service.decrypt(first) == "first", "the key that was copied from is whole")
    }

    @Test func `a key's row and versions cannot be another's under its name`() async throws {
        let other = try await service.key("other")
        try service.sql("UPDATE key SET name = 'aside' WHERE id = ?", [Data(other.id.bytes)])
        try service.sql("UPDATE key SET name = 'other' WHERE id = ?", [Data(key.id.bytes)])
        for kms in [service.kms, service.restarted()] {
            for name in ["other", key.name.text] {
                let error = await refusal("\(name)") {
                    try await kms.describeKey(.name(KeyName(name)), by: service.manager)
                }
                #expect(error?.code == .recordTampered, "\(name)")
            }
        }
    }

    @Test(arguments: [UInt32(1), 3, 5])
    func `a version that was deleted is missed where it is needed, and in the list`(_ number: UInt32) async throws {
        try service.sql("DELETE FROM version WHERE number = \(number)")
        try await requireVersionRefused(number, "version \(number) deleted")
        for kms in [service.kms, service.restarted()] {
            let list = await refusal { try await kms.listVersions(of: .id(key.id), by: service.manager) }
            #expect(list?.code == .recordTampered)
        }
    }

    @Test func `a version that was added is none`() async throws {
        try service.sql(
            """
            INSERT INTO version (key_id, number, project_id, algorithm, origin, state, state_counter, wrap_mechanism,
                wrap_epoch, wrapped_key, destroy_due_at, blob_digest, created_at, changed_at, seal_epoch, seal)
            SELECT key_id, 6, project_id, algorithm, origin, state, state_counter, wrap_mechanism,
                wrap_epoch, wrapped_key, destroy_due_at, blob_digest, created_at, changed_at, seal_epoch, seal
            FROM version WHERE number = 4
            """)
        try await requireVersionRefused(6, "a version added")
    }

    @Test func `an older version cannot be made the default one`() async throws {
        try service.sql("DROP INDEX document_name")
        try service.sql(
            "UPDATE version SET state = CASE number WHEN 1 THEN 'active' ELSE 'deactivated' END WHERE number IN (1, 5)")
        try await requireVersionRefused(5, "the default version is the first")
        try await requireVersionRefused(1, "the default version is the first")
        let issue = await refusal { try await service.kms.issueDataKey(under: .id(key.id), by: service.manager) }
        #expect(issue?.code == .recordTampered)
    }

    @Test func `a key and a version that are deleted altogether are missed`() async throws {
        try service.sql("DELETE FROM version; DELETE FROM key")
        let error = await refusal { try await service.kms.describeKey(.id(key.id), by: service.manager) }
        #expect(error?.code == .recordTampered)
        #expect(await refusal { try await service.decrypt(first) }?.code == .recordTampered)
    }

    @Test func `a list has no changed record either`() async throws {
        try service.sql("UPDATE key SET availability = 'disabled'")
        for kms in [service.kms, service.restarted()] {
            #expect(await refusal { try await kms.listKeys(by: service.manager) }?.code == .recordTampered)
        }
    }

    /// The possible changes to any document of the directory.
    static let directoryChanges = [
        "revision = revision + 1", "seal_epoch = 2", "seal = zeroblob(32)", "parent = parent || 'x'",
        "content = substr(content, 1, length(content) - 1)", "content = CAST(content || x'0900000000' AS BLOB)",
        "content = (SELECT content FROM directory WHERE kind = 'subject' AND name = 'manager')",
        "(content, seal) = (SELECT content, seal FROM directory WHERE kind = 'subject' AND name = 'manager')",
        "(content, seal) = (SELECT content, seal FROM directory WHERE kind = 'project')",
    ]

    @Test(arguments: directoryChanges) func `no column of a credential, a subject or a project can be changed`(
        _ change: String
    ) async throws {
        let text = try #require(service.bearers[.user]).text
        let hash = try #require(service.bearers[.user]).hash.bytes
            .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        _ = try await service.kms.authenticate(bearer: text, requestID: "")
        for target in ["kind = 'credential' AND name = '\(hash)'", "kind = 'subject' AND name = 'user'"] {
            let before = try service.connection { try Row.fetchAll($0, sql: "SELECT * FROM directory WHERE \(target)") }
            try service.sql("UPDATE directory SET \(change) WHERE \(target)")
            for kms in [service.kms, service.restarted()] {
                let error = await refusal { try await kms.authenticate(bearer: text, requestID: "") }
                #expect(error?.code == .recordTampered, "\(change) where \(target)")
            }
            try service.connection { db in
                for row in before {
                    try db.execute(
                        sql: """
                            UPDATE directory SET parent = ?, revision = ?, content = ?, seal_epoch = ?, seal = ?
                            WHERE \(target)
                            """,
                        arguments: [row["parent"], row["revision"], row["content"], row["seal_epoch"], row["seal"]])
                }
            }
            _ = try await service.kms.authenticate(bearer: text, requestID: "")
        }
    }

    @Test func `an administrator cannot be made by exchanging names, nor a token put in the place of another's`()
        async throws
    {
        let text = try #require(service.bearers[.user]).text
        try service.sql("DELETE FROM directory WHERE kind = 'subject' AND name = 'user'")
        try service.sql("UPDATE directory SET name = 'user' WHERE kind = 'subject' AND name = 'admin'")
        for kms in [service.kms, service.restarted()] {
            let error = await refusal { try await kms.authenticate(bearer: text, requestID: "") }
            #expect(error?.code == .recordTampered)
        }
        let own = BearerToken(randomBytes: SecretBytes(copying: [UInt8](repeating: 7, count: 32)))
        let hash = own.hash.bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        try service.sql("UPDATE directory SET name = ? WHERE kind = 'credential' AND parent = 'manager'", [hash])
        for kms in [service.kms, service.restarted()] {
            let error = await refusal { try await kms.authenticate(bearer: own.text, requestID: "") }
            #expect(error?.code == .recordTampered)
        }
    }

    @Test func `a revoked credential, or a role that was taken, is not brought back while the service runs`()
        async throws
    {
        let text = try #require(service.bearers[.user]).text
        let subject = try SubjectID("user")
        func rows() throws -> [Row] {
            try service.connection { try Row.fetchAll($0, sql: "SELECT * FROM directory WHERE name = 'user'") }
        }
        _ = try await service.kms.authenticate(bearer: text, requestID: "")
        let before = try rows()
        try await service.kms.revokeRole(in: try Service.shop, from: .subject(subject), by: service.administrator)
        let found = try await service.kms.authenticate(AuthenticationRequest(bearer: text))
        #expect(found.principal.roles.byProject.isEmpty)
        for row in before {
            try service.sql(
                "UPDATE directory SET revision = ?, content = ?, seal = ? WHERE name = 'user'",
                [row["revision"], row["content"], row["seal"]])
        }
        let error = await refusal { try await service.kms.authenticate(AuthenticationRequest(bearer: text)) }
        #expect(error?.code == .recordTampered)
    }
}
