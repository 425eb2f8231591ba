import Crypto
import KMSTesting
import KeyManagement
import StoreSQLite
import Testing

@Suite
struct AuditTests {
    let service: Service

    init() async throws {
        service = try await Service()
    }

    private var last: AuditEntry { get throws { try #require(service.audit.entries.last) } }

    @Test func `a use is one entry that says who did what with which key, and by which rule`() async throws {
        let key = try await service.key(versions: 2)
        let before = service.audit.entries.count
        let context = try EncryptionContext(["use": "db"])
        _ = try await service.kms.issueDataKey(under: .name(key.name), context: context, by: service.manager)
        let entry = try last
        #expect(service.audit.entries.count == before + 1)
        #expect(entry.verb == "issueDataKey" && entry.outcome == .succeeded && entry.code == "SUCCESS")
        #expect(entry.subject?.text == "manager" && entry.project?.text == "shop")
        #expect(entry.key == key.id && entry.version?.value == 2)
        #expect(entry.reason == "role manager")
        // python3: struct.pack('>H', 1) + b'\0\3use' + b'\0\2db'
        let bytes: [UInt8] = [0, 1, 0, 3] + Array("use".utf8) + [0, 2] + Array("db".utf8)
        #expect(entry.contextDigest == Array(SHA256.hash(data: bytes)))
        #expect(entry.changes.isEmpty && entry.uses.isEmpty)
    }

    @Test func `a change is announced before it is stored, and confirmed after; both have the record's digest`()
        async throws
    {
        let key = try await service.key()
        let pair = service.audit.entries.suffix(2)
        #expect(pair.map(\.outcome) == [.intended, .succeeded])
        for entry in pair {
            #expect(entry.verb == "createKey" && entry.key == key.id && entry.version?.value == 1)
            #expect(
                entry.changes.first?.kind == "key" && entry.changes.first?.id == key.id.description
                    && entry.changes.first?.revision == 1)
            #expect(entry.changes.map(\.kind) == ["key", "version"])
            #expect(entry.changes.first?.digest == Array(SHA256.hash(data: key.canonicalBytes)))
        }
    }

    @Test func `what cannot be announced is not done`() async throws {
        let key = try await service.key()
        let before = try await service.store.key(key.id, with: .none)
        service.audit.fail(with: .unavailable("the disk is full"))
        let error = await refusal { try await service.kms.rotateKey(.id(key.id), by: service.manager) }
        #expect(error?.code == .auditUnavailable)
        #expect(try await service.store.key(key.id, with: .none) == before)
    }

    @Test func `what was done and cannot be written down is not answered`() async throws {
        let key = try await service.key()
        service.audit.fail(with: .unavailable("the disk is full"))
        let error = await refusal { try await service.kms.issueDataKey(under: .id(key.id), by: service.manager) }
        #expect(error?.code == .auditUnavailable)
        service.audit.fail(with: .busy("full"))
        let busy = await refusal { try await service.kms.describeKey(.id(key.id), by: service.manager) }
        #expect(busy?.code == .busy)
    }

    @Test func `a denial is an entry, with its reason, whether the caller is told it or not`() async throws {
        let key = try await service.key()
        _ = await refusal { try await service.kms.rotateKey(.id(key.id), by: service.caller(.user)) }
        #expect(try last.outcome == .denied && last.code == "ACCESS_DENIED" && last.subject?.text == "user")
        #expect(try last.reason.contains("manager"))
        _ = try await service.kms.changeAccess(to: .id(key.id), .on(.empty), by: service.manager)
        _ = await refusal { try await service.kms.issueDataKey(under: .id(key.id), by: service.caller(.user)) }
        #expect(try last.outcome == .denied && last.code == "KEY_NOT_FOUND" && last.key == key.id)
        #expect(try last.reason.contains("does not list user"))
    }

    @Test func `a failure is told from a denial`() async throws {
        let key = try await service.key()
        _ = await refusal { try await service.kms.decrypt(nil, under: .id(key.id), by: service.manager) }
        #expect(try last.outcome == .failed && last.code == "DECRYPTION_FAILED" && last.verb == "decrypt")
        _ = await refusal { try await service.kms.describeKey(.name(KeyName("none")), by: service.manager) }
        #expect(try last.outcome == .failed && last.code == "KEY_NOT_FOUND" && last.details["named"] == "none")
        _ = await refusal { try await service.kms.activateVersion(.first, of: .id(key.id), by: service.manager) }
        #expect(try last.outcome == .failed && last.code == "STATE_FORBIDS" && last.changes.isEmpty)
    }

    @Test func `a wrong credential is an entry of nobody; what was shown is not in it`() async throws {
        let shown = AuthenticationRequest(
            bearer: "kms_" + String(repeating: "A", count: 43), source: "192.0.2.7", requestID: "r-9")
        _ = await refusal { try await service.kms.authenticate(shown) }
        let entry = try last
        #expect(entry.verb == "authenticate" && entry.outcome == .denied && entry.subject == nil)
        #expect(entry.source == "192.0.2.7" && entry.requestID == "r-9" && entry.code == "UNAUTHENTICATED")
        #expect(!"\(entry)".contains("AAAA"))
    }

    @Test func `a batch is one entry that counts, for each version, what succeeded and what failed`() async throws {
        let key = try await service.key()
        let old = try await service.encrypt("old", under: key)
        _ = try await service.kms.rotateKey(.id(key.id), by: service.manager)
        let new = try await service.encrypt("new", under: key)
        let before = service.audit.entries.count
        let items =
            [old, new, new, nil].map { DecryptItem(ciphertext: $0) }
            + [DecryptItem(ciphertext: new, context: try EncryptionContext(["a": "b"]))]
        _ = try await service.kms.decrypt(batch: items, by: service.manager)
        #expect(service.audit.entries.count == before + 1)
        let uses = try last.uses
        #expect(uses.first { $0.version?.value == 1 }.map { [$0.succeeded, $0.failed] } == [1, 0])
        #expect(uses.first { $0.version?.value == 2 }.map { [$0.succeeded, $0.failed] } == [2, 1])
        #expect(uses.first { $0.version == nil }.map { [$0.succeeded, $0.failed] } == [0, 1])
        #expect(try last.details["contexts"] == "various")
    }

    @Test func `re-encryption names both keys`() async throws {
        let (one, other) = (try await service.key("one"), try await service.key("other"))
        let ciphertext = try await service.encrypt("x", under: one)
        _ = try await service.kms.reEncrypt(
            ReEncryptItem(ciphertext: ciphertext), under: .id(other.id), by: service.manager)
        #expect(try last.key == other.id && last.details["source"] == "\(ciphertext.version)")
    }

    @Test func `what is due is done by the service itself, and written down as that`() async throws {
        let key = try await service.kms.make(
            CreateKeyRequest(name: KeyName("r"), rotation: RotationPeriod(days: 1)), by: service.manager)
        service.clock.advance(by: .seconds(2 * 86_400))
        #expect(await service.kms.runDueTasks().rotated == [key.id])
        let entry = try last
        #expect(entry.authentication == "system" && entry.verb == "rotateKey" && entry.reason == "due")
        #expect(entry.changes.first?.revision == 2)
    }

    @Test func `an act of an administrator names its target, and the record that changed`() async throws {
        let id = try SubjectID("alice")
        try await service.kms.createSubject(id, by: service.administrator)
        #expect(try last.verb == "changeSubject" && last.details["target"] == "alice")
        #expect(try last.changes.last?.kind == "subject")
        try await service.kms.grantRole(.user, in: Service.shop, to: .subject(id), by: service.administrator)
        #expect(try last.verb == "changeRole" && last.project?.text == "shop" && last.details["role"] == "user")
        #expect(try last.changes.last?.revision == 2)
        let issued = try await service.kms.issueCredential(for: id, by: service.administrator)
        #expect(try last.details["credential"] == issued.record.id.text)
        #expect(!service.audit.entries.contains { "\($0)".contains(issued.token.text) })
        _ = try await service.kms.authenticate(bearer: issued.token.text, requestID: "")
        let caller = try await service.kms.authenticate(bearer: issued.token.text, requestID: "r")
        _ = try await service.kms.listKeys(by: caller)
        #expect(try last.authentication == "token:\(issued.record.id)" && last.subject == id)
    }

    /// Returns the records that `kms serve` finds set back at its start, by the log.
    private func setBack() async throws -> [SetBackRecord] {
        var records: [String: WitnessedRecord] = [:]
        for entry in service.audit.entries {
            guard entry.outcome != .intended else { continue }
            for change in entry.changes {
                records["\(change.kind) \(change.id)", default: WitnessedRecord(kind: change.kind, id: change.id)]
                    .done = change
            }
        }
        #expect(!records.isEmpty)
        return try await service.restarted().checkWitness(Array(records.values))
    }

    @Test
    func `who loses a race, and has nothing to do then, has changed nothing in the log; so no start is refused for it`()
        async throws
    {
        let key = try await service.key()
        let (kms, other) = (service.kms, service.restarted())
        let (manager, administrator) = (try service.manager, try service.administrator)
        let alice = try SubjectID("alice")
        try await kms.createSubject(alice, .serviceAgent(try ServiceName("backup")), by: administrator)
        try await kms.grantRole(.user, in: Service.shop, to: .subject(alice), by: administrator)
        let issued = try await kms.issueCredential(for: alice, by: administrator)
        let agent = try await kms.authenticate(bearer: issued.token.text, requestID: "")
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for turn in 0..<8 {
                let kms = turn % 2 == 0 ? kms : other
                let options = ChangeOptions(
                    idempotency: IdempotentRequest(
                        key: try IdempotencyKey("one"), digest: [UInt8](repeating: 1, count: 32)
                    ) { _ in
                        [1]
                    })
                tasks.addTask { _ = try await kms.obtainServiceKey(by: agent) }
                tasks.addTask { _ = try? await kms.rotateKey(.id(key.id), options: options, by: manager) }
                tasks.addTask {
                    _ = try? await kms.grantRole(.manager, in: Service.shop, to: .subject(alice), by: administrator)
                }
                tasks.addTask { _ = try? await kms.revokeCredential(issued.record.id, by: administrator) }
            }
            try await tasks.waitForAll()
        }
        #expect(try await setBack().isEmpty)
        _ = try await kms.rotateKey(.id(key.id), by: manager)
        #expect(try await setBack().isEmpty)
    }

    @Test func `a batch of which nothing came is told as that, with the versions that were named`() async throws {
        let key = try await service.key()
        let ciphertext = try await service.encrypt("x", under: key)
        _ = try await service.kms.changeAccess(to: .id(key.id), .on(.empty), by: service.manager)
        let items = Array(repeating: DecryptItem(ciphertext: ciphertext), count: 3)
        _ = try await service.kms.decrypt(batch: items, by: service.caller(.user))
        #expect(try last.outcome == .denied && last.code == "NO_ITEM_SUCCEEDED" && last.details["denied"] == "3")
        #expect(try last.uses.map(\.key) == [key.id] && last.uses[0].failed == 3)
    }
}
