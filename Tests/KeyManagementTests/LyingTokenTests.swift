import KMSTesting
import KeyManagement
import SecretMemory
import StoreSQLite
import Testing

/// A token that answers with too few or too many items, or with items of another length. The caller gets a retryable error,
/// nothing traps, and no missing answer is taken as valid.
@Suite struct LyingTokenTests {
    let service: Service
    let token: LyingToken
    let kms: KeyService
    let aes: KeyRecord
    let signing: KeyRecord
    let mac: KeyRecord
    let agreeing: KeyRecord

    init() async throws {
        service = try await Service()
        token = LyingToken(service.token)
        kms = KeyService(
            token: token, store: service.store, audit: service.audit, clock: service.clock, recordLease: .seconds(3600),
            logger: Service.logger)
        aes = try await service.key("aes")
        signing = try await service.key("signing", .ecP256)
        mac = try await service.key("mac", .hmacSHA256)
        agreeing = try await service.key("agreeing", .ecP256, for: .keyAgreement)
    }

    private typealias Call = (name: String, make: @Sendable () async throws -> Void)

    private func calls() async throws -> [Call] {
        let (kms, manager) = (kms, try service.manager)
        let (aes, signing, mac) = (aes.id, signing.id, mac.id)
        let secret = SecretBytes(copying: Array("secret".utf8))
        let agreeing = agreeing.id
        let ciphertext = try await service.encrypt("text", under: self.aes)
        let code = try await kms.generateMAC(of: [1], with: .id(mac), by: manager).code
        let peer = try #require(
            try await service.kms.describeVersion(.first, of: .id(agreeing), by: manager).publicKey)
        return [
            ("encrypt", { _ = try await kms.encrypt(secret, under: .id(aes), by: manager) }),
            ("decrypt", { _ = try await kms.decrypt(ciphertext, by: manager) }),
            ("data key", { _ = try await kms.issueDataKey(under: .id(aes), by: manager) }),
            ("data key pair", { _ = try await kms.issueDataKeyPair(.ecP256, under: .id(aes), by: manager) }),
            ("sign", { _ = try await kms.sign(.message([1]), with: .id(signing), by: manager) }),
            ("MAC", { _ = try await kms.generateMAC(of: [1], with: .id(mac), by: manager) }),
            (
                "verify MAC",
                { _ = try await kms.verifyMAC(VerifyMACItem(message: [1], code: code), with: .id(mac), by: manager) }
            ),
            ("agree", { _ = try await kms.deriveSharedSecret(with: peer.der, of: .id(agreeing), by: manager) }),
            ("random", { _ = try await kms.generateRandom(byteCount: 32, by: manager) }),
            (
                "create",
                {
                    let request = CreateKeyRequest(name: try KeyName("new"), algorithm: .aes256GCM96)
                    _ = try await kms.make(request, by: manager)
                }
            ),
            ("rotate", { _ = try await kms.rotate(.id(aes), by: manager) }),
            ("disable", { _ = try await kms.disableKey(.id(mac), by: manager) }),
            ("batch", { try await Self.batch(kms, aes, ciphertext, manager) }),
        ]
    }

    /// Verifies a batch, in which each item has its own answer: all must be refusals.
    private static func batch(
        _ kms: KeyService, _ key: KeyID, _ ciphertext: Ciphertext, _ manager: Caller
    ) async throws {
        let items = [DecryptItem](repeating: DecryptItem(ciphertext: ciphertext), count: 3)
        let results = try await kms.decrypt(batch: items, by: manager)
        #expect(results.count == 3)
        for result in results { _ = try result.get() }
    }

    @Test(arguments: LyingToken.Lie.allCases)
    func `an answer of another form than the question's is worth another try, and nothing else`(
        _ lie: LyingToken.Lie
    ) async throws {
        // While the token tells the truth, all of them work, except those that can be done only once.
        for call in try await calls() where !["create", "rotate", "disable"].contains(call.name) {
            await #expect(throws: Never.self, "\(call.name)") { try await call.make() }
        }
        for call in try await calls() {
            token.tell(lie)
            let error = await refusal("\(call.name)") { try await call.make() }
            #expect(error?.code == .tokenUnavailable, "\(call.name): \(String(describing: error))")
            token.tell(nil)
        }
        #expect(try await service.kms.describeKey(.id(aes.id), by: service.manager).versions.count == 1)
    }

    @Test(arguments: LyingToken.Lie.allCases)
    func `a record is not believed because its verdict is missing`(_ lie: LyingToken.Lie) async throws {
        let manager = try service.manager
        try service.sql("UPDATE key SET seal = zeroblob(32)")
        token.tell(lie)
        #expect(await refusal { try await kms.describeKey(.id(aes.id), by: manager) }?.code == .tokenUnavailable)
        token.tell(nil)
        #expect(await refusal { try await kms.describeKey(.id(aes.id), by: manager) }?.code == .recordTampered)
    }
}
