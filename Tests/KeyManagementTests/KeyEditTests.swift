import KMSTesting
import Testing

@testable import KeyManagement

/// The refusals of an edit itself, whatever code calls it and whatever was checked before.
@Suite
struct KeyEditTests {
    let token: SpyToken
    let kms: KeyService
    let job: ImportJob
    let now = ManualClock().now

    init() async throws {
        token = SpyToken(MemoryToken(), imports: true)
        let clock = ManualClock()
        kms = Scene.service(token, MemoryKeyStore(), MemoryAuditLog(), clock)
        let made = try await token.generateImportKey(.rsa4096)
        job = ImportJob(
            id: ImportJobID(), project: try Service.shop, subject: try SubjectID("manager"),
            wrappingAlgorithm: .rsa4096, method: .oaepSHA1AESKWP, publicKey: try #require(made.publicKey),
            wrapped: made.wrapped, createdAt: now, expiresAt: now.adding(days: 1))
    }

    private func key(
        _ algorithm: KeyAlgorithm = .aes256GCM96, _ usage: KeyUsage = .encryptDecrypt,
        _ origin: KeyOrigin = .generated, kind: KeyKind = .user
    ) throws -> KeyRecord {
        KeyRecord(
            id: KeyID(), project: try Service.shop, name: try KeyName("edited"), description: .none,
            algorithm: algorithm, usage: usage, origin: origin, kind: kind, availability: .enabled, versions: .empty,
            revision: 1, createdAt: now, changedAt: now)
    }

    private func edit(
        _ key: KeyRecord, active: VersionRecord? = nil, search: KeyEdit.MaterialSearch = .notMade
    ) -> KeyEdit {
        KeyEdit(key: key, active: active, subject: nil, search: search, now: now)
    }

    private func generated(
        _ algorithm: KeyAlgorithm = .aes256GCM96, _ usage: KeyUsage = .encryptDecrypt, for key: KeyRecord
    ) async throws -> NewMaterial {
        try await kms.newMaterial(algorithm, for: usage, of: key.id)
    }

    private func imported(
        _ fill: UInt8 = 1, _ algorithm: KeyAlgorithm = .aes256GCM96, for key: KeyRecord
    ) async throws -> NewMaterial {
        let material = ImportMaterial(
            algorithm: algorithm, usage: key.usage, wrapped: Scene.material(fill), publicKey: nil)
        let job = job
        return try await kms.withAudit(.rotateKey, by: try Caller.system(in: Service.shop)) {
            (operation) throws(KMSError) in
            try await operation.importedMaterial(material, under: job, of: key.id)
        }
    }

    /// A key with one active version, and that version.
    private func active(_ origin: KeyOrigin = .generated) async throws -> (KeyRecord, VersionRecord) {
        var edit = try edit(key(origin: origin), search: search(1))
        let new = origin == .imported ? try await imported(for: edit.key) : try await generated(for: edit.key)
        try edit.add(new, for: origin == .imported ? .importing : .request)
        return (edit.key, try #require(edit.inserted.first))
    }

    private func key(origin: KeyOrigin) throws -> KeyRecord { try key(.aes256GCM96, .encryptDecrypt, origin) }

    private func search(_ fill: UInt8, found: VersionRecord? = nil) throws -> KeyEdit.MaterialSearch {
        .made(try #require(CheckValue(bytes: Scene.material(fill))), found: found)
    }

    private func code(_ body: () throws(KMSError) -> Void) -> String? {
        do throws(KMSError) {
            try body()
            return nil
        } catch {
            return error.code.rawValue
        }
    }

    @Test func `material of the other origin is refused, whatever it is said to be for`() async throws {
        let (own, brought) = (try key(origin: .generated), try key(origin: .imported))
        let material = try await imported(for: own)
        let generated = try await generated(for: brought)
        for cause in VersionCause.allCases {
            var edit = edit(own, search: try search(1))
            #expect(code { () throws(KMSError) in try edit.add(material, for: cause, note: nil) } != nil, "\(cause)")
            #expect(edit.inserted.isEmpty && edit.key.versions.count == 0)
            var other = self.edit(brought)
            #expect(code { () throws(KMSError) in try other.add(generated, for: cause, note: nil) } != nil, "\(cause)")
            #expect(other.inserted.isEmpty)
        }
        var edit = edit(own, search: try search(1))
        #expect(code { () throws(KMSError) in try edit.add(material, for: .importing, note: nil) } == "STATE_FORBIDS")
    }

    @Test func `material of another algorithm, another usage or another key is refused`() async throws {
        let key = try key()
        let other = try await generated(.ecP256, .signVerify, for: key)
        let agreement = try self.key(.ecP256, .keyAgreement)
        let signing = try await generated(.ecP256, .signVerify, for: agreement)
        let foreign = try await generated(for: try self.key())
        var (first, second, third) = (edit(key), edit(agreement), edit(key))
        #expect(code { () throws(KMSError) in try first.add(other, for: .request, note: nil) } == "USAGE_FORBIDS")
        #expect(code { () throws(KMSError) in try second.add(signing, for: .request, note: nil) } == "USAGE_FORBIDS")
        #expect(code { () throws(KMSError) in try third.add(foreign, for: .request, note: nil) } == "INTERNAL_FAILURE")
        var new = key
        #expect(code { () throws(KMSError) in _ = try new.addFirstVersion(other, at: now) } == "USAGE_FORBIDS")
        #expect(code { () throws(KMSError) in _ = try new.addFirstVersion(foreign, at: now) } == "INTERNAL_FAILURE")
        #expect(new.versions.count == 0)
    }

    @Test func `a version is made for a cause that its key has`() async throws {
        let (record, version) = try await active()
        let new = try await generated(for: record)
        let refused: [(VersionCause, String)] = [
            (.creation, "INTERNAL_FAILURE"), (.schedule, "STATE_FORBIDS"), (.importing, "INTERNAL_FAILURE"),
        ]
        for (cause, expected) in refused {
            var edit = edit(record, active: version)
            #expect(code { () throws(KMSError) in try edit.add(new, for: cause, note: nil) } == expected, "\(cause)")
        }
        let empty = try key()
        let first = try await generated(for: empty)
        var edit = edit(empty)
        #expect(code { () throws(KMSError) in try edit.add(first, for: .usageLimit, note: nil) } == "STATE_FORBIDS")
        var made = record
        let again = try await generated(for: made)
        #expect(code { () throws(KMSError) in _ = try made.addFirstVersion(again, at: now) } == "INTERNAL_FAILURE")
    }

    @Test func `imported material is compared with what the key has, and refused when it is there already`()
        async throws
    {
        let (record, version) = try await active(.imported)
        let new = try await imported(2, for: record)
        var (unasked, other, twin) = (
            edit(record, active: version), edit(record, active: version, search: try search(3)),
            edit(record, active: version, search: try search(2, found: version))
        )
        #expect(code { () throws(KMSError) in try unasked.add(new, for: .importing, note: nil) } == "INTERNAL_FAILURE")
        #expect(code { () throws(KMSError) in try other.add(new, for: .importing, note: nil) } == "INTERNAL_FAILURE")
        #expect(code { () throws(KMSError) in try twin.add(new, for: .importing, note: nil) } == "STATE_FORBIDS")
    }

    @Test func `a key that is changed without its active version is not changed`() async throws {
        let (record, _) = try await active()
        let new = try await generated(for: record)
        var added = edit(record)
        #expect(code { () throws(KMSError) in try added.add(new, for: .request, note: nil) } == "INTERNAL_FAILURE")
    }

    @Test func `a version of another key, or one that is not as the key knows it, does not change`() async throws {
        let (record, version) = try await active()
        let (_, foreign) = try await active()
        var stale = version
        stale.stateCounter += 1
        for wrong in [foreign, stale] {
            var edit = edit(record, active: version)
            #expect(
                code { () throws(KMSError) in try edit.move(wrong, on: .deactivate, note: nil) } == "INTERNAL_FAILURE")
        }
        var deactivated = version
        deactivated.life = .deactivated(try #require(version.life.wrapped))
        var edit = edit(record, active: version)
        #expect(
            code { () throws(KMSError) in
                try edit.scheduleDestruction(of: deactivated, at: now.adding(days: 7), note: nil)
            } == "INTERNAL_FAILURE")
        var again = self.edit(record, active: version)
        try again.move(version, on: .deactivate, note: nil)
        #expect(
            code { () throws(KMSError) in try again.move(version, on: .deactivate, note: nil) } == "INTERNAL_FAILURE")
    }

    @Test func `generated material is neither withdrawn nor brought again, and does not expire`() async throws {
        let (record, version) = try await active()
        let material = try await imported(for: record)
        let (brought, old) = try await active(.imported)
        let generated = try await generated(for: brought)
        var edits = (0..<4).map { _ in edit(record, active: version) }
        #expect(code { () throws(KMSError) in try edits[0].withdraw(version) { $0 } } == "STATE_FORBIDS")
        #expect(
            code { () throws(KMSError) in try edits[1].reimport(version, as: material, activating: true, expiry: .never)
            }
                == "STATE_FORBIDS")
        let tomorrow = MaterialExpiry.at(now.adding(days: 1))
        let next = try await self.generated(for: record)
        #expect(
            code { () throws(KMSError) in try edits[2].add(next, for: .request, expiry: tomorrow) } == "STATE_FORBIDS")
        #expect(code { () throws(KMSError) in try edits[3].add(next, for: .request) } == nil)
        var other = edit(brought, active: old)
        #expect(
            code { () throws(KMSError) in try other.reimport(old, as: generated, activating: true, expiry: .never) }
                == "STATE_FORBIDS")
        let again = try await imported(for: brought)
        #expect(
            code { () throws(KMSError) in try other.reimport(old, as: again, activating: true, expiry: .at(now)) }
                == "INVALID_REQUEST")
        #expect(code { () throws(KMSError) in try other.rotate(every: .standard) } == "INVALID_REQUEST")
    }

    @Test func `a destruction is not due in the past, and a version is not destroyed before its day`() async throws {
        let (record, version) = try await active()
        var edit = edit(record, active: version)
        try edit.move(version, on: .deactivate, note: nil)
        let idle = try #require(edit.updated.last)
        let past = now.adding(days: -1)
        #expect(
            code { () throws(KMSError) in try edit.scheduleDestruction(of: idle, at: past, note: nil) }
                == "INTERNAL_FAILURE")
        #expect(code { () throws(KMSError) in try edit.scheduleDeletion(at: past, note: nil) } == "INTERNAL_FAILURE")
        try edit.scheduleDestruction(of: idle, at: now.adding(days: 7), note: nil)
        let due = try #require(edit.updated.last)
        #expect(code { () throws(KMSError) in try edit.destroy(due) { $0 } } == "STATE_FORBIDS")
    }

    @Test
    func `a key that is about to be deleted takes no change but the end of its deletion, its access and its owner`()
        async throws
    {
        let (record, version) = try await active()
        let new = try await generated(for: record)
        var edit = edit(record, active: version)
        try edit.scheduleDeletion(at: now.adding(days: 7), note: nil)
        let name = try KeyName("other")
        let refused: [(inout KeyEdit) throws -> Void] = [
            { try $0.add(new, for: .request, note: nil) },
            { try $0.move(version, on: .deactivate, note: nil) },
            { try $0.rename(to: name) },
            { try $0.describe(as: .none) },
            { try $0.tag(.replace(.none)) },
            { try $0.rotate(every: nil) },
            { try $0.enable(note: nil) },
            { try $0.disable(note: nil) },
            { try $0.scheduleDeletion(at: $0.now, note: nil) },
        ]
        for body in refused {
            #expect(throws: KMSError.keyPendingDeletion(record.name)) { try body(&edit) }
        }
        try edit.setAccess(.byRole)
        try edit.setOwner(try SubjectID("user"))
        try edit.cancelDeletion(note: nil)
        #expect(code { () throws(KMSError) in try edit.cancelDeletion(note: nil) } == "STATE_FORBIDS")
        #expect(code { () throws(KMSError) in try edit.disable(note: nil) } == "STATE_FORBIDS")
    }

    @Test func `a service key keeps its access and its owner, and no key takes the name of one`() async throws {
        let service = try ServiceName("storage")
        var edit = edit(try key(.aes256GCM96, .encryptDecrypt, .generated, kind: .service(service)))
        let owner = try SubjectID("user")
        #expect(code { () throws(KMSError) in try edit.setAccess(.byRole) } == "ACCESS_DENIED")
        #expect(code { () throws(KMSError) in try edit.setOwner(owner) } == "ACCESS_DENIED")
        var users = self.edit(try key())
        let name = try KeyName.ofServiceKey(service)
        #expect(code { () throws(KMSError) in try users.rename(to: name) } == "INVALID_REQUEST")
    }
}
