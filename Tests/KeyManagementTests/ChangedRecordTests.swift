import Encodings
import KMSTesting
import Testing

@testable import KeyManagement

@Suite
struct ChangedRecordTests {
    /// Returns all changes that the audit log reports as stored, in their order, from an entry on.
    private static func logged(_ entries: ArraySlice<AuditEntry>) -> [AuditEntry.ChangedRecord] {
        entries.filter { $0.outcome != .intended }.flatMap(\.changes)
    }

    private static func texts(_ records: [AuditEntry.ChangedRecord]) -> [String] {
        records.map { "\($0.kind) \($0.id) \($0.revision) \(Hexadecimal.text($0.digest))" }
    }

    @Test func `each record that an operation stores is in the audit log as it was stored, not only the last one`()
        async throws
    {
        let service = try await Service()
        let store = RecordingStore(service.store)
        let kms = KeyService(
            token: SpyToken(service.token, imports: true), store: store, audit: service.audit, clock: service.clock,
            recordLease: .zero, logger: Service.logger)
        let start = service.audit.entries.count
        let (manager, administrator) = (try service.manager, try service.administrator)
        let options = ChangeOptions(
            idempotency: IdempotentRequest(key: try IdempotencyKey("one"), digest: [UInt8](repeating: 1, count: 32)) {
                _ in [1]
            })
        // A project is stored with its place, a key with its version and the answer.
        try await kms.createProject(try ProjectID("bank"), by: administrator)
        let ann = try SubjectID("ann")
        try await kms.createSubject(ann, isAdministrator: true, by: administrator)
        let key = try await kms.createKey(CreateKeyRequest(name: try KeyName("k")), options: options, by: manager)
            .changed.key
        _ = try await kms.rotateKey(.id(key.id), by: manager)
        _ = try await kms.setAlias(try KeyName("alias"), to: .id(key.id), by: manager)
        let job = try await kms.createImportJob(by: manager)
        _ = try await kms.setApprovalPolicy(
            for: .destroy, required: 1, approvers: [ann], hours: 1, by: administrator)
        // The approval is requested, approved, and used; only then the version changes.
        func destroy(_ approval: ApprovalID?) async throws {
            let caller = Caller(
                Principal(profile: manager.principal.profile, approval: approval), in: manager.project)
            _ = try await kms.scheduleDestruction(of: .first, of: .id(key.id), by: caller)
        }
        let error = await refusal { try await destroy(nil) }
        guard case .approvalRequired(let id, _)? = error else { throw KMSError.internalFailure("\(error as Any)") }
        let approver = Principal(profile: Profile(subject: ann, kind: .subject(.user), isAdministrator: true))
        _ = try await kms.approve(id, by: approver)
        try await destroy(id)
        // The key is pending now; an empty one is deleted at once.
        let empty = try await kms.make(
            CreateKeyRequest(name: try KeyName("empty"), staysInPreActivation: true), by: manager)
        _ = try await kms.deleteKey(.id(empty.id), by: manager)
        let logged = Self.logged(service.audit.entries[start...])
        let count = store.stored.count
        try await kms.deleteImportJob(job.id, by: manager)
        #expect(store.stored.count == count && service.audit.entries.last?.changes.map(\.kind) == ["importJob"])
        #expect(Self.texts(logged) == Self.texts(store.stored))
        #expect(Set(logged.map(\.kind)).isSuperset(of: ["location", "project", "subject", "key", "version", "answer"]))
        #expect(logged.filter { $0.kind == "approval" }.map(\.revision) == [1, 2, 3])
    }

    @Test func `what is announced for one transaction is all that it stores`() async throws {
        let service = try await Service()
        let key = try await service.key("k")
        let start = service.audit.entries.count
        _ = try await service.kms.rotateKey(.id(key.id), by: try service.manager)
        let entries = service.audit.entries[start...]
        #expect(entries.map(\.outcome) == [.intended, .succeeded])
        #expect(entries.first?.changes == entries.last?.changes)
        #expect(entries.first?.changes.map(\.kind) == ["key", "version", "version"])
    }

    @Test func `a key with more versions than an entry lists stands for them`() throws {
        let id = KeyID()
        let version = VersionRecord(
            id: VersionID(key: id, number: .first), project: try ProjectID("p"), algorithm: .aes256GCM96,
            usage: .encryptDecrypt, origin: .imported, createdAt: Timestamp(milliseconds: 1),
            changedAt: Timestamp(milliseconds: 1), stateCounter: 1, life: .destroyed(blobDigest: []))
        let key = KeyRecord(
            id: id, project: try ProjectID("p"), name: try KeyName("k"), description: .none, algorithm: .aes256GCM96,
            usage: .encryptDecrypt, origin: .imported, availability: .enabled, versions: .empty, revision: 1,
            createdAt: Timestamp(milliseconds: 1), changedAt: Timestamp(milliseconds: 1))
        for (count, listed) in [(0, 1), (64, 65), (65, 1)] {
            let versions = [VersionRecord](repeating: version, count: count)
            #expect(AuditEntry.ChangedRecord.all(of: key, versions, nil).count == listed)
        }
    }
}
