import KMSTesting
import KeyManagement
import SecretMemory
import Testing

@Suite
struct EnvelopeTests {
    let service: Service

    init() async throws {
        service = try await Service()
    }

    @Test func `a data key is issued, and its ciphertext decrypts to it`() async throws {
        let key = try await service.key()
        let context = try EncryptionContext(["tenant": "7"])
        let dataKey = try await service.kms.issueDataKey(
            under: .id(key.id), context: context, by: service.caller(.user))
        let plaintext = try #require(dataKey.plaintext)
        #expect(plaintext.count == 32)
        #expect(dataKey.ciphertext.version == VersionID(key: key.id, number: .first))
        #expect(dataKey.ciphertext.bytes.count == 32 + 49)
        let text = try #require(Ciphertext(text: dataKey.ciphertext.text))
        let decrypted = try await service.kms.decrypt(text, context: context, by: service.caller(.user))
        #expect(decrypted.plaintext == plaintext)
        #expect(decrypted.version.number == .first)
    }

    @Test func `data keys have the length that was asked for, and no two are alike`() async throws {
        let key = try await service.key()
        let specs: [(DataKeySpec, Int)] = [
            (.aes128, 16), (.aes256, 32), (try DataKeySpec(byteCount: 1), 1), (try DataKeySpec(byteCount: 1024), 1024),
        ]
        for (spec, count) in specs {
            let dataKey = try await service.kms.issueDataKey(under: .id(key.id), spec: spec, by: service.manager)
            #expect(dataKey.plaintext?.count == count)
            #expect(dataKey.ciphertext.bytes.count == count + 49)
        }
        var seen: Set<[UInt8]> = []
        for _ in 0..<20 {
            let dataKey = try await service.kms.issueDataKey(under: .id(key.id), by: service.manager)
            seen.insert(try #require(dataKey.plaintext).withUnsafeBytes { Array($0) })
            seen.insert(try #require(dataKey.ciphertext.box).nonce)
        }
        #expect(seen.count == 40)
    }

    @Test func `a data key without plaintext has its ciphertext only, which decrypts later`() async throws {
        let key = try await service.key()
        let dataKey = try await service.kms.issueDataKey(
            under: .id(key.id), includesPlaintext: false, by: service.manager)
        #expect(dataKey.plaintext == nil)
        let decrypted = try await service.kms.decrypt(dataKey.ciphertext, by: service.manager)
        #expect(decrypted.plaintext.count == 32)
    }

    @Test func `the token is given exactly the documented additional data`() async throws {
        let key = try await service.key()
        let ciphertext = try await service.encrypt("secret", under: key, context: EncryptionContext(["a": "bc"]))
        let spy = SpyToken(service.token)
        let watched = KeyService(
            token: spy, store: service.store, audit: MemoryAuditLog(), clock: service.clock, recordLease: .zero,
            logger: Service.logger)
        _ = try await watched.decrypt(ciphertext, context: EncryptionContext(["a": "bc"]), by: service.manager)
        let expected: [UInt8] =
            Array("hsm-kms/ciphertext/1\0".utf8) + [0x01] + key.id.bytes + [0, 0, 0, 1]
            + [0, 1, 0, 1, 0x61, 0, 2, 0x62, 0x63]
        // In addition to the data with which the state digest's own key is unwrapped.
        #expect(spy.additionalData.filter { !$0.starts(with: "hsm-kms/state".utf8) } == [expected])
    }

    @Test func `after rotations an old ciphertext decrypts under its own version, and new ones are made by the newest`()
        async throws
    {
        let key = try await service.key()
        let old = try await service.encrypt("first", under: key)
        for number in 2...3 {
            let rotated = try await service.kms.rotate(.id(key.id), by: service.manager)
            #expect(rotated.versions.active?.value == UInt32(number))
        }
        let new = try await service.encrypt("third", under: key)
        #expect(old.version.number.value == 1 && new.version.number.value == 3)
        #expect(try await service.decrypt(old) == "first")
        #expect(try await service.decrypt(new) == "third")
        let decrypted = try await service.restarted().decrypt(old, under: .name(key.name), by: service.manager)
        #expect(decrypted.version.number.value == 1)
        let states = try await service.kms.listVersions(of: .id(key.id), by: service.manager).items.map(\.state)
        #expect(states == [.active, .deactivated, .deactivated])
    }

    @Test func `a key without versions refuses cryptography, until its first rotation`() async throws {
        let key = try await service.key(versions: 0)
        #expect(key.state == .preActivation)
        let secret = SecretBytes(copying: [1])
        let encrypt = await refusal { try await service.kms.encrypt(secret, under: .id(key.id), by: service.manager) }
        #expect(encrypt?.code == .stateForbids)
        let issue = await refusal { try await service.kms.issueDataKey(under: .id(key.id), by: service.manager) }
        #expect(issue?.code == .stateForbids)
        let rotated = try await service.kms.rotate(.id(key.id), by: service.manager)
        #expect(rotated.state == .active && rotated.versions.active == .first)
        #expect(try await service.decrypt(service.encrypt("now", under: key)) == "now")
    }

    @Test func `a plaintext has 1 to 4096 bytes`() async throws {
        let key = try await service.key()
        for count in [1, 4096] {
            let ciphertext = try await service.encrypt(String(repeating: "x", count: count), under: key)
            #expect(try await service.decrypt(ciphertext).count == count)
        }
        for count in [0, 4097] {
            let error = await refusal { try await service.encrypt(String(repeating: "x", count: count), under: key) }
            #expect(error?.code == .invalidRequest)
        }
    }

    @Test func `a token that has not proved an algorithm makes no key of it`() async throws {
        let incapable = KeyService(
            token: MemoryToken(algorithms: []), store: service.store, audit: MemoryAuditLog(), clock: service.clock,
            logger: Service.logger)
        let error = await refusal {
            try await incapable.make(CreateKeyRequest(name: KeyName("new")), by: service.manager)
        }
        #expect(error?.code == .unsupported)
    }
}
