import Crypto
import KMSTesting
import KeyManagement
import StoreSQLite
import Testing

@Suite
struct AccessKeyTests {
    let service: Service
    let user: SubjectID
    let region: Region
    let account: AccountNumber

    init() async throws {
        service = try await Service()
        user = try SubjectID("user")
        let location = try #require(try await service.kms.location(of: Service.shop))
        region = location.region
        account = location.account
    }

    private func create(_ request: AccessKeyRequest = AccessKeyRequest()) async throws -> IssuedAccessKey {
        try await service.kms.createAccessKey(for: user, request, by: service.administrator)
    }

    /// Signs outside the service, with the secret of the key's owner.
    private func signed(
        _ key: IssuedAccessKey, date: String? = nil, region: Region? = nil, text: String = "string to sign"
    ) -> SignedRequest {
        let (date, region) = (date ?? service.clock.now.basicDay, region ?? self.region)
        var code = key.secret.withText { Array("AWS4".utf8) + Array($0) }
        for step in [date, region.text, "kms", "aws4_request", text] {
            code = Array(HMAC<SHA256>.authenticationCode(for: Array(step.utf8), using: SymmetricKey(data: code)))
        }
        return SignedRequest(
            accessKey: key.record.id, date: date, region: region, service: "kms", stringToSign: Array(text.utf8),
            signature: code)
    }

    private func authenticate(
        _ signed: SignedRequest, by kms: KeyService? = nil, from source: String? = nil
    ) async throws(SignedRequestError) -> Caller {
        try await (kms ?? service.kms).authenticate(signed, source: source, requestID: "request")
    }

    private func failure(
        of signed: SignedRequest, from source: String? = nil
    ) async -> SignedRequestError? {
        do throws(SignedRequestError) {
            _ = try await authenticate(signed, from: source)
            return nil
        } catch {
            return error
        }
    }

    @Test
    func `who signs with the secret is the key's subject, in the project of account and region, and nothing more`()
        async throws
    {
        try await service.kms.createProject(Service.bank, by: service.administrator)
        try await service.kms.grantRole(.manager, in: Service.bank, to: .subject(user), by: service.administrator)
        let key = try await create(AccessKeyRequest(account: account))
        #expect(key.secret.withText { $0.count } == 44)
        #expect(key.record.account == account && key.region == region)
        let caller = try await authenticate(signed(key))
        #expect(caller.subject == user && caller.role == .user)
        #expect(try caller.project == Service.shop)
        #expect(try caller.principal.roles[Service.bank] == nil)
        #expect(caller.principal.authentication == "access-key:\(key.record.id)")
        // A second time from the cache, and by a process without one.
        _ = try await authenticate(signed(key, text: "another"))
        _ = try await authenticate(signed(key), by: service.restarted())
    }

    @Test func `a signature over something else, for another day or of another key is none`() async throws {
        let (key, other) = (try await create(), try await create())
        let good = signed(key)
        var bits = good.signature
        bits[31] ^= 1
        let refused = [
            SignedRequest(
                accessKey: good.accessKey, date: good.date, region: good.region, service: good.service,
                stringToSign: good.stringToSign + [0], signature: good.signature),
            SignedRequest(
                accessKey: good.accessKey, date: "20200101", region: good.region, service: good.service,
                stringToSign: good.stringToSign, signature: good.signature),
            SignedRequest(
                accessKey: good.accessKey, date: good.date, region: good.region, service: "s3",
                stringToSign: good.stringToSign, signature: good.signature),
            SignedRequest(
                accessKey: other.record.id, date: good.date, region: good.region, service: good.service,
                stringToSign: good.stringToSign, signature: good.signature),
            SignedRequest(
                accessKey: good.accessKey, date: good.date, region: good.region, service: good.service,
                stringToSign: good.stringToSign, signature: bits),
            SignedRequest(
                accessKey: good.accessKey, date: good.date, region: good.region, service: good.service,
                stringToSign: good.stringToSign, signature: []),
        ]
        for signed in refused { #expect(await failure(of: signed) == .signatureMismatch) }
        #expect(await failure(of: good) == nil)
    }

    @Test func `a key that is disabled, deleted, expired, unknown or used from elsewhere is not known`() async throws {
        let key = try await create(AccessKeyRequest(days: 1, networks: [try Network("10.0.0.0/8")]))
        let administrator = try service.administrator
        #expect(await failure(of: signed(key), from: "10.1.2.3") == nil)
        #expect(await failure(of: signed(key), from: "192.0.2.1") == .unknownAccessKey)
        #expect(await failure(of: signed(key)) == .unknownAccessKey)
        _ = try await service.kms.setAccessKeyStatus(key.record.id, enabled: false, by: administrator)
        #expect(await failure(of: signed(key), from: "10.1.2.3") == .unknownAccessKey)
        _ = try await service.kms.setAccessKeyStatus(key.record.id, enabled: true, by: administrator)
        #expect(await failure(of: signed(key), from: "10.1.2.3") == nil)
        service.clock.advance(by: .seconds(86_400))
        #expect(await failure(of: signed(key), from: "10.1.2.3") == .unknownAccessKey)
        let deleted = try await create()
        _ = try await service.kms.deleteAccessKey(deleted.record.id, by: administrator)
        #expect(await failure(of: signed(deleted)) == .unknownAccessKey)
    }

    @Test func `who is disabled signs for nobody`() async throws {
        let key = try await create()
        _ = try await service.kms.updateSubject(user, SubjectUpdate(isEnabled: false), by: service.administrator)
        #expect(await failure(of: signed(key)) == .unknownAccessKey)
    }

    @Test func `a region where the account has no project is unknown, and that is written down`() async throws {
        let key = try await create()
        #expect(await failure(of: signed(key, region: try Region("eu-central-1"))) == .unknownRegion)
        let entry = try #require(service.audit.entries.last)
        #expect(entry.code == "ACCESS_DENIED" && entry.details["accessKey"] == key.record.id.text)
    }

    @Test func `a failure is written down, unless too many come from there`() async throws {
        let key = try await create()
        let wrong = signed(key, date: "20200101")
        let bad = SignedRequest(
            accessKey: wrong.accessKey, date: wrong.date, region: wrong.region, service: wrong.service,
            stringToSign: [1], signature: wrong.signature)
        let before = service.audit.entries.count
        _ = await failure(of: bad)
        #expect(service.audit.entries.count == before + 1)
        #expect(service.audit.entries.last?.code == "UNAUTHENTICATED")
        _ = try? await service.kms.authenticate(bad, source: nil, requestID: "", isRecorded: false)
        #expect(service.audit.entries.count == before + 1)
    }

    @Test func `a deleted key stays in the list, without its secret, and is not enabled again`() async throws {
        let administrator = try service.administrator
        let (key, other) = (try await create(), try await create())
        let deleted = try await service.kms.deleteAccessKey(key.record.id, by: administrator)
        #expect(deleted.status == .deleted && deleted.wrapped == nil)
        let listed = try await service.kms.listAccessKeys(of: user, by: administrator).items
        #expect(Set(listed.map(\.id)) == [key.record.id, other.record.id])
        let again = await refusal {
            try await service.kms.setAccessKeyStatus(key.record.id, enabled: true, by: administrator)
        }
        #expect(again?.code == .stateForbids)
        let nobody = try #require(AccessKeyID("AKIAABCDEFGHIJKLMNOP"))
        #expect(
            await refusal { try await service.kms.deleteAccessKey(nobody, by: administrator) }
                == .accessKeyNotFound(nobody))
    }

    @Test func `the account is the only one where the subject has roles, or has to be named`() async throws {
        #expect(try await create().record.account == account)
        try await service.kms.createProject(Service.bank, by: service.administrator)
        try await service.kms.grantRole(.user, in: Service.bank, to: .subject(user), by: service.administrator)
        let two = await refusal { try await create() }
        #expect(two?.message.contains("--account") == true)
        let admin = try SubjectID("admin")
        let none = await refusal {
            try await service.kms.createAccessKey(for: admin, by: service.administrator)
        }
        #expect(none?.message.contains("--account") == true)
        #expect(try await create(AccessKeyRequest(account: account)).record.account == account)
    }

    @Test func `only administrators make access keys`() async throws {
        let key = try await create()
        let manager = try service.manager.principal
        #expect(
            await refusal { try await service.kms.createAccessKey(for: user, by: manager) }?.code == .accessDenied)
        #expect(await refusal { try await service.kms.listAccessKeys(of: user, by: manager) }?.code == .accessDenied)
        #expect(
            await refusal { try await service.kms.deleteAccessKey(key.record.id, by: manager) }?.code == .accessDenied
        )
    }

    @Test func `an access key of an approver needs approval, and so has enabling one`() async throws {
        let administrator = try service.administrator
        let key = try await create()
        _ = try await service.kms.setAccessKeyStatus(key.record.id, enabled: false, by: administrator)
        _ = try await service.kms.updateSubject(user, SubjectUpdate(isAdministrator: true), by: administrator)
        _ = try await service.kms.setApprovalPolicy(
            for: .retireRoots, required: 1, approvers: [user], hours: 1, by: administrator)
        #expect(await refusal { try await create() }?.code == .approvalRequired)
        let enabling = await refusal {
            try await service.kms.setAccessKeyStatus(key.record.id, enabled: true, by: administrator)
        }
        #expect(enabling?.code == .approvalRequired)
    }

    @Test func `an access key still signs after its root was retired, and the old blob is on the certificate`()
        async throws
    {
        let administrator = try service.administrator
        let (key, gone) = (try await create(), try await create())
        _ = try await service.kms.deleteAccessKey(gone.record.id, by: administrator)
        _ = try await service.kms.rotateRoots(by: administrator)
        // Sealed under the new roots, while its secret is still under the old ones.
        _ = try await service.kms.setAccessKeyStatus(key.record.id, enabled: false, by: administrator)
        _ = try await service.kms.setAccessKeyStatus(key.record.id, enabled: true, by: administrator)
        let certificate = try await service.kms.retireRoots(.first, by: administrator)
        #expect(service.token.identity.checkValues.keys.map(\.number) == [2])
        _ = try await authenticate(signed(key))
        _ = try await authenticate(signed(key), by: service.restarted())
        let read = try DestructionCertificate(json: certificate.content)
        #expect(Set(read.unreadable.compactMap(\.accessKey)) == [key.record.id.text, gone.record.id.text])
        #expect(throws: (any Error).self) { try service.sql("UPDATE directory SET wrap_epoch = 1") }
    }

    @Test func `the secret is nowhere in the store`() async throws {
        let key = try await create()
        let text = key.secret.withText { Array($0) }
        let stored = try await service.store.document(.accessKey, key.record.id.text)
        let content = try #require(stored?.unverified.content)
        #expect(!content.indices.contains { content[$0...].starts(with: text) })
    }

    @Test(arguments: ["AKIAABCDEFGHIJKLMNO", "AKIAABCDEFGHIJKLMNO1", "ASIAABCDEFGHIJKLMNOP"])
    func `ids are written as AWS writes them`(_ text: String) {
        #expect(AccessKeyID(text) == nil)
    }
}
