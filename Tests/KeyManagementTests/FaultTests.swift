import KMSTesting
import KeyManagement
import StoreSQLite
import Synchronization
import Testing

@Suite("When token or store fail")
struct FaultTests {
    let service: Service
    let key: KeyRecord
    let ciphertext: Ciphertext

    init() async throws {
        service = try await Service()
        key = try await service.key()
        ciphertext = try await service.encrypt("secret", under: key)
    }

    @Test(
        "a fault of the token is told as what it is, changes nothing, and a later call works",
        arguments: [
            (TokenError.busy("queue"), "BUSY"), (.unavailable("gone"), "TOKEN_UNAVAILABLE"),
            (.failed("C_Encrypt: 0x30"), "INTERNAL_FAILURE"), (.unwrapFailed("x"), "INTERNAL_FAILURE"),
            (.unsupported("x"), "UNSUPPORTED"),
        ])
    func token(_ fault: TokenError, _ code: String) async throws {
        let before = try await service.store.changeMark()
        let manager = try service.manager
        let secret = SecretBytes(copying: [1])
        let calls: [() async throws -> Void] = [
            { _ = try await service.kms.encrypt(secret, under: .id(key.id), by: manager) },
            { _ = try await service.kms.decrypt(ciphertext, by: manager) },
            { _ = try await service.kms.issueDataKey(under: .id(key.id), by: manager) },
            { _ = try await service.kms.createKey(CreateKeyRequest(name: KeyName("new")), by: manager) },
            { _ = try await service.kms.rotateKey(.id(key.id), by: manager) },
            { try await service.kms.checkHealth() },
            { _ = try await service.restarted().describeKey(.id(key.id), by: manager) },
        ]
        for call in calls {
            service.token.fail(with: fault)
            let error = await refusal(of: call)
            #expect(error?.code == code)
            #expect(error?.message.contains("0x30") != true, "what goes on inside is for the log")
        }
        #expect(try await service.store.changeMark() == before)
        for call in calls { try await call() }
    }

    @Test("a token that refuses the seal of a new version leaves the key as it was")
    func seal() async throws {
        // Of a rotation's calls to the token the first generates, and the second seals.
        let token = FailingToken(service.token, failing: .seal)
        let kms = KeyService(token: token, store: service.store, clock: service.clock, recordLease: .zero, logger: Service.logger)
        let rotate = await refusal { try await kms.rotateKey(.id(key.id), by: service.manager) }
        #expect(rotate?.code == "TOKEN_UNAVAILABLE")
        let create = await refusal { try await kms.createKey(CreateKeyRequest(name: KeyName("new")), by: service.manager) }
        #expect(create?.code == "TOKEN_UNAVAILABLE")
        #expect(try await service.kms.listKeys(by: service.manager).items == [key])
        #expect(try await service.kms.listVersions(of: .id(key.id), by: service.manager).items.count == 1)
    }

    @Test(
        "a store that fails after the version was generated leaves nothing behind, and a later call works",
        arguments: [(StoreError.unavailable("disk full"), "STORE_UNAVAILABLE"), (.busy("locked"), "BUSY")])
    func store(_ fault: StoreError, _ code: String) async throws {
        let failing = FailingStore(service.store)
        let kms = service.restarted(store: failing)
        let before = try await service.store.changeMark()
        failing.failWrites(with: fault, times: 2)
        let create = await refusal { try await kms.createKey(CreateKeyRequest(name: KeyName("new")), by: service.manager) }
        #expect(create?.code == code)
        let rotate = await refusal { try await kms.rotateKey(.id(key.id), by: service.manager) }
        #expect(rotate?.code == code)
        #expect(try await service.store.changeMark() == before)
        for service in [(kms), self.service.restarted()] {
            #expect(try await service.listKeys(by: self.service.manager).items == [key])
            let versions = try await service.listVersions(of: .id(key.id), by: self.service.manager).items
            #expect(versions.map(\.id.number.value) == [1])
        }
        let created = try await kms.createKey(CreateKeyRequest(name: KeyName("new")), by: service.manager)
        #expect(created.versions.active == .first)
        let rotated = try await kms.rotateKey(.id(key.id), by: service.manager)
        #expect(rotated.versions.active?.value == 2, "no number was lost")
    }

    @Test("a change that always loses the race is a conflict in the end, not an endless loop")
    func alwaysLate() async throws {
        let failing = FailingStore(service.store)
        failing.failWrites(with: .conflict, times: .max)
        let kms = service.restarted(store: failing)
        let error = await refusal { try await kms.rotateKey(.id(key.id), by: service.manager) }
        #expect(error == .conflict)
        failing.failWrites(with: .conflict, times: 3)
        let rotated = try await kms.rotateKey(.id(key.id), by: service.manager)
        #expect(rotated.versions.active?.value == 2, "a few lost races are made up for")
    }

    @Test("a store that cannot be asked whether anything changed is not believed from memory")
    func changeMark() async throws {
        let failing = FailingStore(service.store)
        let kms = KeyService(
            token: service.token, store: failing, clock: service.clock, recordLease: .seconds(3600), logger: Service.logger)
        failing.failMarks(with: .unavailable("gone"))
        let manager = try service.manager
        #expect(await refusal { try await kms.describeKey(.id(key.id), by: manager) }?.code == "STORE_UNAVAILABLE")
        _ = try? await kms.describeKey(.id(key.id), by: manager)
        let again = await refusal("the lease was not granted") { try await kms.describeKey(.id(key.id), by: manager) }
        #expect(again?.code == "STORE_UNAVAILABLE")
        failing.failMarks(with: nil)
        #expect(try await kms.describeKey(.id(key.id), by: manager) == key)
    }
}

/// A token of which one call always fails.
final class FailingToken: Token {
    enum Call { case seal }

    private let token: any Token
    private let failing: Call

    init(_ token: any Token, failing: Call) {
        self.token = token
        self.failing = failing
    }

    var identity: TokenIdentity { token.identity }
    var algorithms: Set<KeyAlgorithm> { token.algorithms }

    func generateWrappedKey(_ algorithm: KeyAlgorithm) async throws(TokenError) -> WrappedKey {
        try await token.generateWrappedKey(algorithm)
    }

    func seal(_ messages: [[UInt8]]) async throws(TokenError) -> [Seal] { throw .unavailable("no seal") }

    func verify(_ seals: [(seal: Seal, message: [UInt8])]) async throws(TokenError) -> [Bool] {
        try await token.verify(seals)
    }

    func encrypt(
        _ plaintext: SecretBytes, additionalData: [UInt8], with key: VersionKey
    ) async throws(TokenError) -> SealedBox {
        try await token.encrypt(plaintext, additionalData: additionalData, with: key)
    }

    func decrypt(
        _ box: SealedBox, additionalData: [UInt8], with key: VersionKey
    ) async throws(TokenError) -> SecretBytes {
        try await token.decrypt(box, additionalData: additionalData, with: key)
    }

    func issueDataKey(
        byteCount: Int, additionalData: [UInt8], with key: VersionKey
    ) async throws(TokenError) -> (plaintext: SecretBytes, box: SealedBox) {
        try await token.issueDataKey(byteCount: byteCount, additionalData: additionalData, with: key)
    }

    func random(byteCount: Int) async throws(TokenError) -> SecretBytes { try await token.random(byteCount: byteCount) }

    func forget(_ version: VersionID) async { await token.forget(version) }

    func checkHealth() async throws(TokenError) { try await token.checkHealth() }
}

/// A store whose writes or change marks fail while they are told to, and which passes everything else on.
final class FailingStore: KeyStore {
    private struct Faults {
        var write: StoreError?
        var times = 0
        var mark: StoreError?
    }

    private let store: any KeyStore
    private let faults = Mutex(Faults())

    init(_ store: any KeyStore) {
        self.store = store
    }

    func failWrites(with error: StoreError, times: Int) {
        faults.withLock { ($0.write, $0.times) = (error, times) }
    }

    func failMarks(with error: StoreError?) {
        faults.withLock { $0.mark = error }
    }

    private func meetWriteFault() throws(StoreError) {
        let fault: StoreError? = faults.withLock { faults in
            guard faults.times > 0 else { return nil }
            faults.times -= 1
            return faults.write
        }
        if let fault { throw fault }
    }

    func binding() async throws(StoreError) -> TokenBinding? { try await store.binding() }

    func initialize(
        binding: TokenBinding, project: ProjectID, credentials: [Sealed<CredentialRecord>]
    ) async throws(StoreError) {
        try await store.initialize(binding: binding, project: project, credentials: credentials)
    }

    func credential(_ hash: CredentialHash) async throws(StoreError) -> Sealed<CredentialRecord>? {
        try await store.credential(hash)
    }

    func insert(_ key: Sealed<KeyRecord>, versions: [Sealed<VersionRecord>]) async throws(StoreError) {
        try meetWriteFault()
        try await store.insert(key, versions: versions)
    }

    func apply(_ change: KeyChange) async throws(StoreError) {
        try meetWriteFault()
        try await store.apply(change)
    }

    func key(_ id: KeyID, with version: VersionChoice) async throws(StoreError) -> StoredKey? {
        try await store.key(id, with: version)
    }

    func keyID(named name: KeyName, in project: ProjectID) async throws(StoreError) -> KeyID? {
        try await store.keyID(named: name, in: project)
    }

    func keys(in project: ProjectID, after cursor: KeyName?, limit: Int) async throws(StoreError) -> [Sealed<KeyRecord>] {
        try await store.keys(in: project, after: cursor, limit: limit)
    }

    func versions(
        of key: KeyID, before cursor: VersionNumber?, limit: Int
    ) async throws(StoreError) -> [Sealed<VersionRecord>] {
        try await store.versions(of: key, before: cursor, limit: limit)
    }

    func changeMark() async throws(StoreError) -> Int64 {
        if let fault = faults.withLock({ $0.mark }) { throw fault }
        return try await store.changeMark()
    }

    func checkHealth() async throws(StoreError) { try await store.checkHealth() }
}
