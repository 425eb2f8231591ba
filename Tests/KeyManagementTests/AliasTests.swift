import GRDB
import KMSTesting
import KeyManagement
import SecretMemory
import Testing

@Suite
struct AliasTests {
    let service: Service

    init() async throws {
        service = try await Service()
    }

    @Test func `an alias names a key wherever a name does, and moves in one step`() async throws {
        let (old, new) = (try await service.key("old"), try await service.key("new"))
        let manager = try service.manager
        let name = try KeyName("current")
        let alias = try await service.kms.setAlias(name, to: .id(old.id), by: manager)
        #expect(alias.key == old.id && alias.revision == 1)
        let ciphertext = try await service.kms.encrypt(
            SecretBytes(copying: [1]), under: .name(name), by: manager)
        #expect(ciphertext.version.key == old.id)
        for kms in [service.kms, service.restarted()] {
            #expect(try await kms.describeKey(.name(name), by: manager).id == old.id)
        }
        #expect(try await service.kms.setAlias(name, to: .name(new.name), by: manager).revision == 2)
        #expect(try await service.kms.describeKey(.name(name), by: manager).id == new.id)
        // Through another alias; and again to the same key, which changes nothing.
        let second = try KeyName("second")
        #expect(try await service.kms.setAlias(second, to: .name(name), by: manager).key == new.id)
        #expect(try await service.kms.setAlias(second, to: .name(name), by: manager).revision == 1)
        #expect(try await service.kms.listAliases(by: manager).items.map(\.name) == [name, second])
        #expect(try await service.kms.listAliases(of: .id(old.id), by: manager).items.isEmpty)
        try await service.kms.deleteAlias(name, by: manager)
        #expect(
            await refusal { try await service.kms.describeKey(.name(name), by: manager) } == .keyNotFound(.name(name)))
        #expect(await refusal { try await service.kms.deleteAlias(name, by: manager) } == .aliasNotFound(name))
    }

    @Test func `names and aliases never collide`() async throws {
        let (one, two) = (try await service.key("one"), try await service.key("two"))
        let manager = try service.manager
        let name = try KeyName("alias")
        _ = try await service.kms.setAlias(name, to: .id(one.id), by: manager)
        #expect(
            await refusal { try await service.kms.setAlias(two.name, to: .id(one.id), by: manager) }
                == .keyNameTaken(two.name))
        #expect(await refusal { try await service.key("alias") } == .keyNameTaken(name))
        #expect(
            await refusal { try await service.kms.update(.id(two.id), name: name, by: manager) } == .keyNameTaken(name))
    }

    @Test func `an alias that was turned in the database is refused`() async throws {
        let (one, two) = (try await service.key("one"), try await service.key("two"))
        let manager = try service.manager
        _ = try await service.kms.setAlias(try KeyName("alias"), to: .id(one.id), by: manager)
        try service.sql("UPDATE alias SET key_id = (SELECT id FROM \"key\" WHERE name = ?)", [two.name.text])
        let error = await refusal {
            try await service.kms.encrypt(SecretBytes(copying: [1]), under: .name(KeyName("alias")), by: manager)
        }
        #expect(error?.code == .recordTampered)
    }

    @Test func `tags have bounds`() throws {
        #expect(throws: KMSError.self) { try KeyTags(["": "x"]) }
        #expect(throws: KMSError.self) { try KeyTags([String(repeating: "a", count: 129): "x"]) }
        #expect(throws: KMSError.self) { try KeyTags(["a": String(repeating: "a", count: 257)]) }
        #expect(throws: KMSError.self) { try KeyTags(["a\u{1B}": "x"]) }
        #expect(throws: KMSError.self) {
            try KeyTags(Dictionary(uniqueKeysWithValues: (0..<51).map { ("\($0)", "") }))
        }
        #expect(try KeyTags(["a": "", "ä": "/\"\\"]).pairs.count == 2)
    }

    @Test func `lists are filtered by state, algorithm, tag and rotation, over pages`() async throws {
        let manager = try service.manager
        for index in 0..<30 {
            let request = CreateKeyRequest(
                name: try KeyName("key-\(10 + index)"),
                tags: try KeyTags(index % 3 == 0 ? ["team": "a"] : index % 3 == 1 ? ["team": "b"] : [:]),
                algorithm: index % 2 == 0 ? .aes256GCM96 : .ecP256,
                rotation: index < 10 ? try RotationPeriod(days: index + 1) : nil, staysInPreActivation: index > 25)
            _ = try await service.kms.make(request, by: manager)
        }
        _ = try await service.kms.disableKey(.name(KeyName("key-10")), by: manager)
        func count(_ change: (inout KeyFilter) throws -> Void) async throws -> Int {
            var filter = KeyFilter()
            try change(&filter)
            var names: [String] = []
            var cursor: ListCursor?
            repeat {
                let page = try await service.kms.listKeys(filter, after: cursor, limit: PageLimit(4), by: manager)
                #expect(page.items.count <= 4)
                names += page.items.map(\.name.text)
                cursor = page.next
            } while cursor != nil
            #expect(names == names.sorted() && Set(names).count == names.count)
            return names.count
        }
        #expect(try await count { _ in } == 30)
        #expect(try await count { $0.state = .active } == 26)
        #expect(try await count { $0.state = .preActivation } == 4)
        #expect(try await count { $0.algorithm = .ecP256 } == 15)
        #expect(try await count { $0.usage = .signVerify } == 15)
        #expect(try await count { $0.availability = .disabled } == 1)
        #expect(try await count { $0.origin = .imported } == 0)
        #expect(try await count { $0.tag = ("team", nil) } == 20)
        #expect(try await count { $0.tag = ("team", "b") } == 10)
        #expect(try await count { $0.rotationDueBefore = service.clock.now.adding(days: 5) } == 4)
    }
}
