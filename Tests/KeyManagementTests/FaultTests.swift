import KMSTesting
import KeyManagement
import SecretMemory
import StoreSQLite
import Testing

@Suite
struct FaultTests {
    let service: Service
    let key: KeyRecord
    let ciphertext: Ciphertext

    init() async throws {
        service = try await Service()
        key = try await service.key()
        ciphertext = try await service.encrypt("secret", under: key)
    }

    @Test(arguments: [
        (TokenError.busy("queue"), "BUSY"), (.unavailable("gone"), "TOKEN_UNAVAILABLE"),
        (.failed("C_Encrypt: 0x30"), "INTERNAL_FAILURE"), (.unwrapFailed("x"), "INTERNAL_FAILURE"),
        (.unsupported("x"), "UNSUPPORTED"),
    ])
    func `a fault of the token is told as what it is, changes nothing, and a later call works`(
        _ fault: TokenError, _ code: String
    ) async throws {
        let before = try await service.store.changeMark()
        let manager = try service.manager
        let secret = SecretBytes(copying: [1])
        let calls: [() async throws -> Void] = [
            { _ = try await service.kms.encrypt(secret, under: .id(key.id), by: manager) },
            { _ = try await service.kms.decrypt(ciphertext, by: manager) },
            { _ = try await service.kms.issueDataKey(under: .id(key.id), by: manager) },
            { _ = try await service.kms.make(CreateKeyRequest(name: KeyName("new")), by: manager) },
            { _ = try await service.kms.rotate(.id(key.id), by: manager) },
            { try await service.kms.checkHealth() },
            { _ = try await service.restarted().describeKey(.id(key.id), by: manager) },
        ]
        for call in calls {
            service.token.fail(with: fault)
            let error = await refusal(of: call)
            #expect(error?.code.rawValue == code)
            #expect(error?.message.contains("0x30") != true, "what goes on inside is for the log")
        }
        #expect(try await service.store.changeMark() == before)
        for call in calls { try await call() }
    }

    @Test func `a token that refuses the seal of a new version leaves the key as it was`() async throws {
        // Of a rotation's calls to the token, the first generates and the second seals.
        let token = SpyToken(service.token, failingToSealWith: .unavailable("no seal"))
        let kms = KeyService(
            token: token, store: service.store, audit: MemoryAuditLog(), clock: service.clock, recordLease: .zero,
            logger: Service.logger)
        let rotate = await refusal { try await kms.rotate(.id(key.id), by: service.manager) }
        #expect(rotate?.code == .tokenUnavailable)
        let create = await refusal {
            try await kms.make(CreateKeyRequest(name: KeyName("new")), by: service.manager)
        }
        #expect(create?.code == .tokenUnavailable)
        #expect(try await service.kms.listKeys(by: service.manager).items == [key])
        #expect(try await service.kms.listVersions(of: .id(key.id), by: service.manager).items.count == 1)
    }

    @Test(arguments: [(StoreError.unavailable("disk full"), "STORE_UNAVAILABLE"), (.busy("locked"), "BUSY")])
    func `a store that fails after the version was generated leaves nothing behind, and a later call works`(
        _ fault: StoreError, _ code: String
    ) async throws {
        let failing = FailingStore(service.store)
        let kms = service.restarted(store: failing)
        let before = try await service.store.changeMark()
        failing.failWrites(with: fault, times: 2)
        let create = await refusal {
            try await kms.make(CreateKeyRequest(name: KeyName("new")), by: service.manager)
        }
        #expect(create?.code.rawValue == code)
        let rotate = await refusal { try await kms.rotate(.id(key.id), by: service.manager) }
        #expect(rotate?.code.rawValue == code)
        #expect(try await service.store.changeMark() == before)
        for service in [(kms), self.service.restarted()] {
            #expect(try await service.listKeys(by: self.service.manager).items == [key])
            let versions = try await service.listVersions(of: .id(key.id), by: self.service.manager).items
            #expect(versions.map(\.id.number.value) == [1])
        }
        let created = try await kms.make(CreateKeyRequest(name: KeyName("new")), by: service.manager)
        #expect(created.versions.active == .first)
        let rotated = try await kms.rotate(.id(key.id), by: service.manager)
        #expect(rotated.versions.active?.value == 2, "no number was lost")
    }

    @Test func `a change that always loses the race is a conflict in the end, not an endless loop`() async throws {
        let failing = FailingStore(service.store)
        failing.failWrites(with: .conflict, times: .max)
        let kms = service.restarted(store: failing)
        let error = await refusal { try await kms.rotate(.id(key.id), by: service.manager) }
        #expect(error == .conflict)
        failing.failWrites(with: .conflict, times: 3)
        let rotated = try await kms.rotate(.id(key.id), by: service.manager)
        #expect(rotated.versions.active?.value == 2, "a few lost races are made up for")
    }

    @Test func `a store that cannot be asked whether anything changed is not believed from memory`() async throws {
        let failing = FailingStore(service.store)
        let kms = KeyService(
            token: service.token, store: failing, audit: MemoryAuditLog(), clock: service.clock,
            recordLease: .seconds(3600),
            logger: Service.logger)
        failing.failMarks(with: .unavailable("gone"))
        let manager = try service.manager
        #expect(await refusal { try await kms.describeKey(.id(key.id), by: manager) }?.code == .storeUnavailable)
        _ = try? await kms.describeKey(.id(key.id), by: manager)
        let again = await refusal("the lease was not granted") { try await kms.describeKey(.id(key.id), by: manager) }
        #expect(again?.code == .storeUnavailable)
        failing.failMarks(with: nil)
        #expect(try await kms.describeKey(.id(key.id), by: manager) == key)
    }
}
