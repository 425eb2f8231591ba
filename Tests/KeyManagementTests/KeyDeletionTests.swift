import KMSTesting
import KeyManagement
import StoreSQLite
import Testing

@Suite
struct KeyDeletionTests {
    let service: Service
    let key: KeyRecord

    init() async throws {
        service = try await Service()
        key = try await service.key("leaving", versions: 3)
    }

    private func schedule(_ days: Int? = nil) async throws -> KeyRecord {
        let outcome = try await service.kms.scheduleDeletion(of: .id(key.id), in: days, by: service.manager)
        guard case .changed(let changed) = outcome else { throw KMSError.conflict }
        return changed.key
    }

    @Test func `ends all use and all change at once, and can be called off: then the key is disabled, as it was`()
        async throws
    {
        let ciphertext = try await service.encrypt("x", under: key)
        let pending = try await schedule(7)
        #expect(pending.availability == .pendingDeletion)
        #expect(pending.deletionDueAt == service.clock.now.adding(days: 7))
        let manager = try service.manager
        let reference = KeyReference.id(key.id)
        let calls: [() async throws -> Void] = [
            { _ = try await service.kms.decrypt(ciphertext, by: manager) },
            { _ = try await service.kms.issueDataKey(under: reference, by: manager) },
            { _ = try await service.kms.rotate(reference, by: manager) },
            { _ = try await service.kms.enableKey(reference, by: manager) },
            { _ = try await service.kms.disableKey(reference, by: manager) },
            {
                _ = try await service.kms.updateKey(
                    reference, KeyUpdate(tags: .replace(KeyTags(["a": "b"]))), by: manager)
            },
            { _ = try await service.kms.activateVersion(.first, of: reference, by: manager) },
            { _ = try await service.kms.setAlias(KeyName("new"), to: reference, by: manager) },
            { _ = try await service.kms.scheduleDeletion(of: reference, in: 7, by: manager) },
        ]
        for call in calls { #expect(await refusal(of: call) == .keyPendingDeletion(key.name)) }
        #expect(try await service.kms.describeKey(reference, by: manager).versions == key.versions)
        _ = try await service.kms.cancelDeletion(of: reference, by: manager)
        let back = try await service.kms.describeKey(reference, by: manager)
        #expect(back.availability == .disabled && back.deletionDueAt == nil && back.versions == key.versions)
        #expect(await refusal { try await service.kms.decrypt(ciphertext, by: manager) } == .keyDisabled(key.name))
        _ = try await service.kms.enableKey(reference, by: manager)
        #expect(try await service.kms.decrypt(ciphertext, by: manager).plaintext.text == "x")
        let again = await refusal { try await service.kms.cancelDeletion(of: reference, by: manager) }
        #expect(again?.code == .stateForbids)
    }

    @Test func `happens when it is due and not before, with all versions, once, and leaves a tombstone`() async throws {
        _ = try await service.kms.setAlias(KeyName(alias: "app/prod"), to: .id(key.id), by: service.manager)
        _ = try await schedule(30)
        service.clock.advance(by: .seconds(30 * 86_400 - 1))
        #expect(await service.kms.runDueTasks().deleted.isEmpty)
        service.clock.advance(by: .seconds(1))
        let report = await service.kms.runDueTasks()
        #expect(report.deleted == [key.id] && report.failures == 0)
        #expect(await service.kms.runDueTasks().isEmpty)
        for reference in [KeyReference.id(key.id), .name(key.name), .name(try KeyName(alias: "app/prod"))] {
            let error = await refusal { try await service.kms.describeKey(reference, by: service.manager) }
            #expect(error?.code == .keyNotFound)
        }
        #expect(try await service.store.tombstone(of: key.id)?.unverified.name == key.name)
        let store = try await service.restarted().verifyStore()
        #expect(store.findings.isEmpty)
    }

    @Test func `waits as long as the rules say`() async throws {
        for days in [0, 6, 366] {
            let error = await refusal { try await schedule(days) }
            #expect(error?.code == .invalidRequest)
        }
        #expect(try await schedule().deletionDueAt == service.clock.now.adding(days: 30))
    }

    @Test func `a key without a name is named after its id, and versions say why they were made`() async throws {
        let outcome = try await service.kms.createKey(
            CreateKeyRequest(name: nil, rotation: RotationPeriod(days: 1)), by: service.manager)
        guard case .changed(let made) = outcome else { throw KMSError.conflict }
        #expect(made.key.name.text == "key-\(made.key.id)")
        _ = try await service.kms.rotate(.id(made.key.id), by: service.manager)
        service.clock.advance(by: .seconds(2 * 86_400))
        _ = await service.kms.runDueTasks()
        let versions = try await service.restarted().listVersions(of: .id(made.key.id), by: service.manager).items
        #expect(versions.map(\.cause) == [.schedule, .request, .creation])
    }

    @Test func `an alias may have slashes, and is set as expected or not at all`() async throws {
        let manager = try service.manager
        let name = try KeyName(alias: "app/prod/_1")
        let missing = await refusal {
            try await service.kms.setAlias(name, to: .id(key.id), expecting: .present, by: manager)
        }
        #expect(missing == .aliasNotFound(name))
        let made = try await service.kms.setAlias(name, to: .id(key.id), expecting: .absent, by: manager)
        #expect(made.createdAt == service.clock.now)
        let taken = await refusal {
            try await service.kms.setAlias(name, to: .id(key.id), expecting: .absent, by: manager)
        }
        #expect(taken == .keyNameTaken(name))
        let other = try await service.key("other")
        service.clock.advance(by: .seconds(5))
        let moved = try await service.kms.setAlias(name, to: .id(other.id), expecting: .present, by: manager)
        #expect(moved.createdAt == made.createdAt && moved.changedAt > made.changedAt)
        #expect(try await service.restarted().describeKey(KeyReference("app/prod/_1"), by: manager).id == other.id)
        for text in ["", "a b", "é", String(repeating: "a", count: 251), KeyID().description] {
            #expect(throws: KMSError.self) { try KeyName(alias: text) }
        }
        #expect(throws: KMSError.self) { try KeyName("app/prod") }
    }
}
