import KMSTesting
import KeyManagement
import SecretMemory
import Testing

@Suite
struct KeyLifeTests {
    let service: Service

    init() async throws {
        service = try await Service()
    }

    @Test func `a new key is described as it was asked for, by name and by id`() async throws {
        let request = CreateKeyRequest(name: try KeyName("payments"), description: try KeyDescription("for cards"))
        let created = try await service.kms.make(request, by: service.manager)
        #expect(created.name.text == "payments" && created.description.text == "for cards")
        #expect(created.project.text == "shop" && created.algorithm == .aes256GCM96 && created.origin == .generated)
        #expect(created.state == .active && created.versions.active == .first && created.revision == 1)
        #expect(created.createdAt == Timestamp(milliseconds: 1_767_225_600_000), "the clock of the test")
        for reference in [KeyReference.id(created.id), .name(created.name)] {
            #expect(try await service.kms.describeKey(reference, by: service.caller(.viewer)) == created)
            #expect(try await service.restarted().describeKey(reference, by: service.caller(.viewer)) == created)
        }
    }

    @Test func `a name is given once in a project`() async throws {
        let key = try await service.key("payments")
        let error = await refusal { try await service.key("payments") }
        #expect(error == .keyNameTaken(key.name))
        #expect(try await service.kms.listKeys(by: service.manager).items == [key])
    }

    @Test func `name and description change, each alone or both; the old name is free again`() async throws {
        let key = try await service.key("old", versions: 2)
        let ciphertext = try await service.encrypt("kept", under: key)
        service.clock.advance(by: .seconds(90))
        let described = try await service.kms.update(
            .name(key.name), description: KeyDescription("new text"), by: service.manager)
        #expect(described.name == key.name && described.description.text == "new text")
        #expect(described.revision == key.revision + 1 && described.versions == key.versions)
        #expect(described.changedAt.milliseconds == key.changedAt.milliseconds + 90_000)
        let renamed = try await service.kms.update(.id(key.id), name: KeyName("new"), by: service.manager)
        #expect(renamed.name.text == "new" && renamed.description.text == "new text")
        #expect(try await service.kms.describeKey(.name(KeyName("new")), by: service.manager) == renamed)
        let old = await refusal { try await service.kms.describeKey(.name(key.name), by: service.manager) }
        #expect(old == .keyNotFound(.name(key.name)))
        #expect(try await service.decrypt(ciphertext) == "kept")
        try await service.key("old")
    }

    @Test func `an update that changes nothing, or takes another key's name, is refused`() async throws {
        let (key, other) = (try await service.key("one"), try await service.key("two"))
        let nothing = await refusal { try await service.kms.update(.id(key.id), by: service.manager) }
        #expect(nothing?.code == .invalidRequest)
        let taken = await refusal {
            try await service.kms.update(.id(key.id), name: other.name, by: service.manager)
        }
        #expect(taken == .keyNameTaken(other.name))
        #expect(try await service.kms.describeKey(.id(key.id), by: service.manager) == key)
    }

    @Test(arguments: ["absent", "00010203-0405-4607-8809-0a0b0c0d0e0f"]) func `what is not there is not found`(
        _ text: String
    ) async throws {
        let reference = try KeyReference(text)
        let secret = SecretBytes(copying: [1])
        let manager = try service.manager
        let calls: [@Sendable () async throws -> Void] = [
            { [service] in _ = try await service.kms.describeKey(reference, by: manager) },
            { [service] in _ = try await service.kms.describeVersion(.first, of: reference, by: manager) },
            { [service] in _ = try await service.kms.listVersions(of: reference, by: manager) },
            { [service] in _ = try await service.kms.rotate(reference, by: manager) },
            { [service] in _ = try await service.kms.update(reference, description: KeyDescription.none, by: manager)
            },
            { [service] in _ = try await service.kms.encrypt(secret, under: reference, by: manager) },
            { [service] in _ = try await service.kms.issueDataKey(under: reference, by: manager) },
            { [service] in _ = try await service.kms.decrypt(nil, under: reference, by: manager) },
        ]
        for call in calls { #expect(await refusal(of: call) == .keyNotFound(reference)) }
    }

    @Test func `a version that the key never had is not found`() async throws {
        let key = try await service.key(versions: 2)
        for number in 1...2 {
            let version = try #require(VersionNumber(UInt32(number)))
            let found = try await service.kms.describeVersion(version, of: .id(key.id), by: service.manager)
            #expect(found.id.number == version && found.state == (number == 2 ? .active : .deactivated))
        }
        let third = try #require(VersionNumber(UInt32(3)))
        let error = await refusal { try await service.kms.describeVersion(third, of: .id(key.id), by: service.manager) }
        #expect(error == .versionNotFound(third))
    }

    @Test func `keys are listed by name, page after page, none twice and none left out`() async throws {
        let names = ["alpha", "beta", "delta", "epsilon", "gamma"]
        for name in names.shuffled() { try await service.key(name, versions: 0) }
        for limit in 1...6 {
            var (found, pages): ([String], Int) = ([], 0)
            var cursor: ListCursor?
            repeat {
                let page = try await service.kms.listKeys(after: cursor, limit: PageLimit(limit), by: service.manager)
                #expect(page.items.count <= limit)
                found += page.items.map(\.name.text)
                cursor = page.next
                pages += 1
            } while cursor != nil && pages < 10
            #expect(found == names, "pages of \(limit)")
            #expect(pages == (5 + limit - 1) / limit, "the last page says that it is the last")
        }
    }

    @Test func `versions are listed the newest first, page after page`() async throws {
        let key = try await service.key(versions: 5)
        let first = try await service.kms.listVersions(of: .id(key.id), limit: PageLimit(2), by: service.manager)
        #expect(first.items.map(\.id.number.value) == [5, 4])
        let second = try await service.kms.listVersions(
            of: .id(key.id), after: first.next, limit: PageLimit(2), by: service.manager)
        #expect(second.items.map(\.id.number.value) == [3, 2])
        let third = try await service.kms.listVersions(
            of: .id(key.id), after: second.next, limit: PageLimit(2), by: service.manager)
        #expect(third.items.map(\.id.number.value) == [1] && third.next == nil)
    }

    @Test func `a store is initialised once, and belongs to its token`() async throws {
        try await service.kms.checkBinding()
        let again = await refusal { try await service.kms.prepareDirectory([], of: Service.bank) }
        #expect(again?.code == .invalidRequest)
        let other = KeyService(
            token: MemoryToken(label: "stranger"), store: service.store, audit: MemoryAuditLog(), clock: service.clock,
            logger: Service.logger)
        let error = await refusal { try await other.checkBinding() }
        #expect(error?.message.contains("memory") == true && error?.message.contains("stranger") == true)
        let unused = KeyService(
            token: service.token, store: MemoryKeyStore(), audit: MemoryAuditLog(), logger: Service.logger)
        #expect(await refusal { try await unused.checkBinding() }?.message.contains("kms init") == true)
    }
}
