import KMSTesting
import StoreSQLite
import Testing

@testable import KeyManagement

@Suite
struct MaterialExpiryTests {
    let service: Service
    let kms: KeyService
    let key: KeyRecord
    var reference: KeyReference { .id(key.id) }

    init() async throws {
        service = try await Service()
        kms = KeyService(
            token: SpyToken(service.token, imports: true), store: service.store, audit: service.audit,
            clock: service.clock, rules: KeyRules(minDestructionDays: 0), recordLease: .zero, logger: Service.logger)
        key = try await kms.make(CreateKeyRequest(name: try KeyName("partner"), origin: .imported), by: service.manager)
    }

    @discardableResult
    private func bring(
        _ fill: UInt8, version: UInt32? = nil, in seconds: Int? = nil, activating: Bool = false
    ) async throws -> ChangedKey {
        let manager = try service.manager
        let job = try await kms.createImportJob(by: manager)
        return try await kms.importMaterial(
            [UInt8](repeating: fill, count: 16), under: job.id, into: reference,
            version: version.flatMap { VersionNumber($0) },
            expiresAt: seconds.map { service.clock.now.adding(.seconds($0)) }, activating: activating, by: manager
        ).changed
    }

    private func states() async throws -> [VersionState?] {
        let key = try await kms.describeKey(reference, by: service.manager)
        return (1...key.versions.count).map { VersionNumber($0).flatMap { key.versions[$0]?.state } }
    }

    @Test func `an expiry erases the version that it was set with, and no other, and the audit log names the version`()
        async throws
    {
        try await bring(1)
        try await bring(2, in: 60)
        try await bring(3)
        service.clock.advance(by: .seconds(60))
        _ = try await kms.issueDataKey(under: reference, by: service.manager)
        #expect(await kms.runDueTasks().expired == [key.id])
        #expect(try await states() == [.deactivated, .destroyed, .active])
        let entry = try #require(service.audit.entries.last { $0.verb == "destroy" })
        #expect(entry.verb == "destroy" && entry.key == key.id && entry.version == VersionNumber(2))
        #expect(entry.changes.map(\.kind) == ["key", "version"] && entry.details["erased"] == "1")
        #expect(await kms.runDueTasks().isEmpty)
    }

    @Test func `several that expire together are named together`() async throws {
        try await bring(1, in: 50)
        try await bring(2, in: 60)
        try await bring(3, in: 90)
        service.clock.advance(by: .seconds(60))
        #expect(await kms.runDueTasks().expired == [key.id])
        #expect(try await states() == [.destroyed, .destroyed, .active])
        let entry = try #require(service.audit.entries.last { $0.verb == "destroy" })
        #expect(entry.version == nil && entry.details["versions"] == "1,2")
    }

    @Test func `expired material is of no use, also when the scheduler is late; that of other versions is`()
        async throws
    {
        try await bring(1)
        let manager = try service.manager
        let old = try await kms.issueDataKey(under: reference, by: manager)
        try await bring(2, in: 60)
        let new = try await kms.issueDataKey(under: reference, by: manager)
        service.clock.advance(by: .seconds(60))
        #expect(await refusal { try await kms.issueDataKey(under: reference, by: manager) }?.code == .stateForbids)
        #expect(await refusal { try await kms.decrypt(new.ciphertext, by: manager) }?.code == .stateForbids)
        _ = try await kms.decrypt(old.ciphertext, by: manager)
    }

    @Test func `bringing the same material again sets its expiry anew, while it is there and when it is gone`()
        async throws
    {
        try await bring(1, in: 60)
        let sooner = try await bring(1, version: 1, in: 30, activating: true)
        #expect(sooner.version?.stateCounter == 2 && sooner.key.versions.active == .first)
        #expect(sooner.key.defaultMaterialExpiresAt == service.clock.now.adding(.seconds(30)))
        try await bring(1, version: 1, activating: true)
        service.clock.advance(by: .seconds(90))
        #expect(await kms.runDueTasks().isEmpty)
        try await bring(1, version: 1, in: 10, activating: true)
        service.clock.advance(by: .seconds(10))
        #expect(await kms.runDueTasks().expired == [key.id])
        let back = try await bring(1, version: 1, activating: true)
        #expect(back.key.state == .active && back.key.defaultMaterialExpiresAt == nil)
        service.clock.advance(by: .seconds(1000))
        #expect(await kms.runDueTasks().isEmpty)
        _ = try await kms.issueDataKey(under: reference, by: service.manager)
    }

    @Test func `the key shows the expiry of its default version`() async throws {
        let first = try await bring(1, in: 60).key.defaultMaterialExpiresAt
        #expect(first == service.clock.now.adding(.seconds(60)))
        #expect(try await bring(2).key.defaultMaterialExpiresAt == nil)
        let back = try await kms.activateVersion(.first, of: reference, by: service.manager).changed.key
        #expect(back.defaultMaterialExpiresAt == first)
        let off = try await kms.deactivateVersion(.first, of: reference, by: service.manager).changed.key
        #expect(off.defaultMaterialExpiry == nil)
    }

    /// Makes the store an older one: the expiry is in the key, and its versions have none.
    private func makeOld(expiresIn seconds: Int) async throws {
        let (id, clock) = (key.id, service.clock)
        let before = try #require(try await kms.records.key(id))
        var old = before
        old.materialExpiresAt = clock.now.adding(.seconds(seconds))
        old.defaultMaterialExpiry = nil
        old.touch(at: clock.now)
        var versions: [VersionRecord] = []
        for number in 1...before.versions.count {
            let number = try #require(VersionNumber(number))
            var version = try #require(try await kms.records.key(id, with: .number(number))?.version)
            version.materialExpiry = nil
            version.stateCounter += 1
            old.versions.touch(number)
            versions.append(version)
        }
        let (changed, updated) = (old, versions)
        try await kms.withAudit(.importKey, by: service.manager) { (operation) throws(KMSError) in
            try await operation.save(changed, before: before, updated: updated)
        }.get()
    }

    @Test func `an expiry that a key had before still counts for the versions of then, and for none that came since`()
        async throws
    {
        try await bring(1)
        try await bring(2)
        try await makeOld(expiresIn: 60)
        #expect(
            try await kms.describeKey(reference, by: service.manager).defaultMaterialExpiresAt
                == service.clock.now.adding(.seconds(60)))
        try await bring(3)
        service.clock.advance(by: .seconds(60))
        _ = try await kms.issueDataKey(under: reference, by: service.manager)
        #expect(await kms.runDueTasks().expired == [key.id])
        #expect(try await states() == [.destroyed, .destroyed, .active])
        #expect(try await kms.describeKey(reference, by: service.manager).materialExpiresAt == nil)
        #expect(await kms.runDueTasks().isEmpty)
    }

    @Test func `the seal covers the expiry of a version and of a key`() async throws {
        try await bring(1, in: 60)
        try service.sql("UPDATE version SET material_expires_at = material_expires_at + 1")
        #expect(
            await refusal { try await kms.issueDataKey(under: reference, by: service.manager) }?.code
                == .recordTampered)
        try service.sql("UPDATE version SET material_expires_at = material_expires_at - 1")
        _ = try await kms.issueDataKey(under: reference, by: service.manager)
        try service.sql("UPDATE \"key\" SET default_expires_at = NULL")
        #expect(
            await refusal { try await kms.describeKey(reference, by: service.manager) }?.code == .recordTampered)
    }
}
