import KeyManagement
import SecretMemory
import StoreSQLite
import Testing

@Suite
struct AccessTests {
    let service: Service
    let key: KeyRecord
    let ciphertext: Ciphertext

    init() async throws {
        service = try await Service()
        key = try await service.key(versions: 2)
        ciphertext = try await service.encrypt("secret", under: key)
    }

    @Test func `the versions of a key are described to whoever may describe the key, and its denial comes first`()
        async throws
    {
        let viewer = try service.caller(.viewer)
        #expect(try await service.kms.listVersions(of: .id(key.id), by: viewer).items.count == 2)
        #expect(try await service.kms.describeVersion(.first, of: .id(key.id), by: viewer).state == .deactivated)
        let error = await refusal { try await service.kms.rotate(.id(KeyID()), by: viewer) }
        #expect(error?.code == .accessDenied, "whether the key exists is not told to who may not do it")
    }

    @Test func `a project does not see another project's key, by name, by id or by ciphertext`() async throws {
        try service.sql("INSERT INTO project VALUES ('bank', 0)")
        let stranger = try service.caller(.manager, in: Service.bank)
        for reference in [KeyReference.id(key.id), .name(key.name)] {
            let calls: [() async throws -> Void] = [
                { _ = try await service.kms.describeKey(reference, by: stranger) },
                { _ = try await service.kms.describeVersion(.first, of: reference, by: stranger) },
                { _ = try await service.kms.listVersions(of: reference, by: stranger) },
                { _ = try await service.kms.rotate(reference, by: stranger) },
                { _ = try await service.kms.update(reference, name: KeyName("mine"), by: stranger) },
                { _ = try await service.kms.encrypt(SecretBytes(copying: [1]), under: reference, by: stranger) },
                { _ = try await service.kms.issueDataKey(under: reference, by: stranger) },
                { _ = try await service.kms.decrypt(ciphertext, under: reference, by: stranger) },
            ]
            for call in calls { #expect(await refusal(of: call) == .keyNotFound(reference)) }
        }
        #expect(await refusal { try await service.kms.decrypt(ciphertext, by: stranger) } == .decryptionFailed)
        #expect(try await service.kms.listKeys(by: stranger).items.isEmpty)
        // The same name is free there, and is another key.
        let own = try await service.kms.make(CreateKeyRequest(name: key.name), by: stranger)
        #expect(own.id != key.id && own.project.text == "bank")
        #expect(try await service.kms.describeKey(.name(key.name), by: service.manager).id == key.id)
        #expect(try await service.kms.describeKey(.name(key.name), by: stranger).id == own.id)
        let foreign = await refusal { try await service.kms.decrypt(ciphertext, under: .name(key.name), by: stranger) }
        #expect(foreign == .decryptionFailed)
    }

    @Test func `a bearer token stands for its subject, project and role`() async throws {
        for role in Role.allCases {
            let text = try #require(service.bearers[role]).withText { String(decoding: $0, as: UTF8.self) }
            #expect(text.count == 47 && text.hasPrefix("kms_"))
            let caller = try await service.kms.authenticate(bearer: text, requestID: "r-1")
            #expect(caller.role == role && caller.project.text == "shop" && caller.subject.text == role.rawValue)
            #expect(caller.requestID == "r-1")
        }
    }

    @Test func `anything else is nobody, whatever is wrong with it`() async throws {
        let text = try #require(service.bearers[.user]).withText { String(decoding: $0, as: UTF8.self) }
        let flipped = text.dropLast() + (text.last == "A" ? "B" : "A")
        let wrong: [String?] = [
            nil, "", "kms_", String(text.dropLast()), text + "A", String(flipped), text.uppercased(), " " + text,
            text + "\n", "Bearer " + text, "kms_" + String(repeating: "A", count: 43),
            String(repeating: "x", count: 100_000),
        ]
        for presented in wrong {
            let error = await refusal { try await service.kms.authenticate(bearer: presented, requestID: "") }
            #expect(error == .unauthenticated)
        }
    }

    @Test func `a bearer token is base64url of its 32 bytes, and its hash is SHA-256 of the text`() {
        // python3: base64.urlsafe_b64encode(bytes(range(224, 256))), hashlib.sha256(b"kms_" + that).hexdigest()
        let token = BearerToken(randomBytes: SecretBytes(copying: Array(224...255)))
        let text = token.withText { String(decoding: $0, as: UTF8.self) }
        #expect(text == "kms_4OHi4-Tl5ufo6err7O3u7_Dx8vP09fb3-Pn6-_z9_v8")
        let hash = token.hash.bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        #expect(hash == "27abbb4b4b4e39c947dd9df3fcb680aa0ad07c86397b13911ab4b7dfb61345ec")
        #expect(BearerToken(presented: text)?.hash == token.hash)
    }
}
