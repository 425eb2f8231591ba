import Foundation
import GRDB
import KMSTesting
import KeyManagement
import Testing

/// The service's handling of imported keys. The tests on a real token verify that the material itself is right.
@Suite
struct ImportTests {
    let service: Service
    let kms: KeyService
    let key: KeyRecord
    var reference: KeyReference { .id(key.id) }

    init() async throws {
        service = try await Service()
        kms = KeyService(
            token: SpyToken(service.token, imports: true), store: service.store, audit: MemoryAuditLog(),
            clock: service.clock,
            rules: KeyRules(minDestructionDays: 0), recordLease: .zero, logger: Service.logger)
        key = try await kms.make(CreateKeyRequest(name: try KeyName("partner"), origin: .imported), by: service.manager)
    }

    private func bring(
        _ fill: UInt8, under job: ImportJob, version: UInt32? = nil
    ) async throws -> ChangedKey {
        try await kms.importMaterial(
            [UInt8](repeating: fill, count: 16), under: job.id, into: reference,
            version: version.flatMap { VersionNumber($0) }, by: service.manager
        ).changed
    }

    @Test
    func `an imported key begins in pre-activation; each material becomes the default version, and its origin is kept`()
        async throws
    {
        #expect(key.state == .preActivation && key.origin == .imported)
        let job = try await kms.createImportJob(by: service.manager)
        #expect(job.method == .oaepSHA1AESKWP && job.wrappingAlgorithm == .rsa4096)
        let first = try await bring(1, under: job)
        #expect(first.key.state == .active && first.version?.origin == .imported && first.version?.checkValue != nil)
        let second = try await bring(2, under: job)
        #expect(second.key.versions.active?.value == 2 && second.key.rotatedAt == service.clock.now)
        #expect(await refusal { try await kms.rotate(reference, by: service.manager) }?.code == .stateForbids)
        #expect(await refusal { try await kms.activateKey(reference, by: service.manager) }?.code == .stateForbids)
        let rotation = KeyUpdate(rotation: .every(.standard))
        #expect(
            await refusal { try await kms.updateKey(reference, rotation, by: service.manager) }?.code
                == .invalidRequest)
        let own = try await service.key("own")
        let refused = await refusal {
            try await kms.importMaterial([1], under: job.id, into: .id(own.id), by: service.manager)
        }
        #expect(refused?.code == .stateForbids)
    }

    @Test func `its owner can take material back at once, and bring the same again, which is the default version then`()
        async throws
    {
        let manager = try service.manager
        let job = try await kms.createImportJob(by: manager)
        _ = try await bring(1, under: job)
        _ = try await bring(2, under: job)
        _ = try await kms.deleteImportedMaterial(of: reference, by: manager)
        let gone = try await kms.describeKey(reference, by: manager)
        #expect(gone.state == .destroyed && gone.versions.count == 2)
        #expect(await refusal { try await kms.issueDataKey(under: reference, by: manager) }?.code == .stateForbids)
        let wrong = await refusal {
            try await kms.importMaterial(
                [UInt8](repeating: 9, count: 16), under: job.id, into: reference, version: VersionNumber(UInt32(2)),
                activating: true, by: manager)
        }
        #expect(wrong == .materialDiffers(try #require(VersionNumber(UInt32(2)))))
        for _ in 0..<2 {
            // The second time it already exists, and nothing changes.
            let back = try await kms.importMaterial(
                [UInt8](repeating: 2, count: 16), under: job.id, into: reference, version: VersionNumber(UInt32(2)),
                activating: true, by: manager
            ).changed
            #expect(back.key.versions.active?.value == 2)
        }
        let own = try await service.key("own")
        #expect(await refusal { try await kms.deleteImportedMaterial(of: .id(own.id), by: manager) } != nil)
    }

    @Test func `material that expires is of no use from that moment on, and is erased when the scheduler comes by`()
        async throws
    {
        let manager = try service.manager
        let job = try await kms.createImportJob(by: manager)
        let expiry = service.clock.now.adding(.seconds(60))
        _ = try await kms.importMaterial(
            [UInt8](repeating: 1, count: 16), under: job.id, into: reference, expiresAt: expiry, by: manager)
        _ = try await kms.issueDataKey(under: reference, by: manager)
        #expect(await kms.runDueTasks().expired.isEmpty)
        service.clock.advance(by: .seconds(60))
        #expect(await refusal { try await kms.issueDataKey(under: reference, by: manager) }?.code == .stateForbids)
        #expect(await kms.runDueTasks().expired == [key.id])
        let key = try await kms.describeKey(reference, by: manager)
        #expect(key.state == .destroyed && key.materialExpiresAt == nil)
        #expect(await kms.runDueTasks().isEmpty)
    }

    @Test func `an import job ends with its day, or when it is deleted; its private half is erased then`() async throws
    {
        let job = try await kms.createImportJob(by: service.manager)
        let other = try await kms.createImportJob(by: service.manager)
        try await kms.deleteImportJob(other.id, by: service.manager)
        #expect(await refusal { try await bring(1, under: other) } == .importJobNotFound(other.id))
        service.clock.set(Timestamp(milliseconds: job.expiresAt.milliseconds - 1))
        #expect(try await kms.importJob(job.id, by: service.manager) == job)
        service.clock.set(job.expiresAt)
        #expect(await refusal { try await bring(1, under: job) } == .importJobNotFound(job.id))
        _ = await kms.runDueTasks()
        let left = try service.connection { try Int.fetchOne($0, sql: "SELECT count(*) FROM import_job") }
        #expect(left == 0)
        for file in try FileManager.default.contentsOfDirectory(atPath: service.directory) {
            let data = try #require(FileManager.default.contents(atPath: service.directory + "/" + file))
            #expect(data.range(of: Data(job.wrapped.blob)) == nil, "\(file)")
        }
    }

    @Test func `an import job is its project's alone, and what was changed of it in the database is refused`()
        async throws
    {
        let job = try await kms.createImportJob(by: service.manager)
        let stranger = try service.caller(.manager, in: Service.bank)
        #expect(await refusal { try await kms.importJob(job.id, by: stranger) } == .importJobNotFound(job.id))
        try service.sql("UPDATE import_job SET public_key = x'3001FF'")
        #expect(await refusal { try await kms.importJob(job.id, by: service.manager) }?.code == .recordTampered)
        #expect(await refusal { try await bring(1, under: job) }?.code == .recordTampered)
    }

    @Test func `the same material is known again, and only the same comes back after destruction`() async throws {
        let job = try await kms.createImportJob(by: service.manager)
        _ = try await bring(1, under: job)
        #expect(await refusal { try await bring(1, under: job) }?.code == .stateForbids)
        _ = try await bring(2, under: job)
        #expect(await refusal { try await bring(1, under: job, version: 1) }?.code == .stateForbids, "not destroyed")
        _ = try await kms.scheduleDestruction(of: .first, of: reference, in: 0, by: service.manager)
        #expect(await kms.runDueTasks().destroyed.count == 1)
        #expect(await refusal { try await bring(3, under: job, version: 1) } == .materialDiffers(.first))
        #expect(await refusal { try await bring(1, under: job) }?.message.contains("name the version") ?? false)
        let back = try await bring(1, under: job, version: 1)
        #expect(back.version?.state == .deactivated && back.key.versions.active?.value == 2)
        let rejected = await refusal {
            try await kms.importMaterial([1, 2, 3], under: job.id, into: reference, by: service.manager)
        }
        #expect(rejected == .materialRejected)
    }
}
