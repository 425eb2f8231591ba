import KMSTesting
import KeyManagement
import Testing

@Suite
struct RepetitionTests {
    let service: Service

    init() async throws {
        service = try await Service()
    }

    private func options(_ name: String, digest: UInt8 = 1) throws -> ChangeOptions {
        ChangeOptions(
            idempotency: IdempotentRequest(key: try IdempotencyKey(name), digest: [UInt8](repeating: digest, count: 32))
            {
                Array("\($0.key.id) \($0.key.revision) \($0.key.name)".utf8)
            })
    }

    private func text(_ outcome: ChangeOutcome) -> String? {
        guard case .repeated(let answer) = outcome else { return nil }
        return String(decoding: answer, as: UTF8.self)
    }

    @Test func `creates one key and has its first answer, also after a restart and after the key has changed`()
        async throws
    {
        let request = CreateKeyRequest(name: try KeyName("once"))
        let first = try await service.kms.createKey(request, options: options("a"), by: service.manager).changed
        let expected = "\(first.key.id) 1 once"
        _ = try await service.kms.rotate(.id(first.key.id), by: service.manager)
        _ = try await service.kms.update(.id(first.key.id), name: KeyName("renamed"), by: service.manager)
        for kms in [service.kms, service.restarted()] {
            #expect(text(try await kms.createKey(request, options: options("a"), by: service.manager)) == expected)
        }
        #expect(try await service.kms.listKeys(by: service.manager).items.count == 1)
    }

    @Test func `rotates once, deactivates once, deletes once`() async throws {
        let key = try await service.key("k", versions: 2)
        let manager = try service.manager
        let reference = KeyReference.id(key.id)
        let rotated = try await service.kms.rotateKey(reference, options: options("r"), by: manager).changed
        #expect(text(try await service.kms.rotateKey(reference, options: options("r"), by: manager)) != nil)
        #expect(rotated.key.versions.count == 3)
        #expect(try await service.kms.describeKey(reference, by: manager).versions.count == 3)
        let three = try #require(VersionNumber(3))
        _ = try await service.kms.deactivateVersion(three, of: reference, options: options("d"), by: manager).changed
        // Done once; without the idempotency key it would now be refused.
        #expect(
            text(try await service.kms.deactivateVersion(three, of: reference, options: options("d"), by: manager))
                != nil)
        let empty = try await service.key("empty", versions: 0)
        _ = try await service.kms.deleteKey(.id(empty.id), options: options("x"), by: manager).changed
        #expect(text(try await service.kms.deleteKey(.id(empty.id), options: options("x"), by: manager)) != nil)
    }

    @Test func `but says something else is refused; another subject's is another request`() async throws {
        let manager = try service.manager
        let request = CreateKeyRequest(name: try KeyName("one"))
        _ = try await service.kms.createKey(request, options: options("a"), by: manager)
        let error = await refusal {
            try await service.kms.createKey(
                CreateKeyRequest(name: KeyName("two")), options: options("a", digest: 2), by: manager)
        }
        #expect(error == .idempotencyMismatch)
        let other = Caller(subject: try SubjectID("somebody"), project: try Service.shop, role: .manager)
        let own = try await service.kms.createKey(
            CreateKeyRequest(name: KeyName("three")), options: options("a", digest: 2), by: other)
        #expect(try own.changed.key.name.text == "three")
    }

    @Test func `sent many times at once is done once, and everybody has the same answer`() async throws {
        let manager = try service.manager
        let request = CreateKeyRequest(name: try KeyName("raced"))
        let other = service.restarted()
        let key = try await service.key("rotated")
        var ids: Set<String> = []
        var done = 0
        try await withThrowingTaskGroup(of: ChangeOutcome.self) { group in
            for index in 0..<12 {
                let kms = index % 2 == 0 ? service.kms : other
                group.addTask { try await kms.createKey(request, options: options("c"), by: manager) }
                group.addTask { try await kms.rotateKey(.id(key.id), options: options("r"), by: manager) }
            }
            for try await outcome in group {
                switch outcome {
                case .changed(let changed):
                    done += 1
                    ids.insert("\(changed.key.id)")
                case .repeated(let answer): ids.insert(String(decoding: answer.prefix(36), as: UTF8.self))
                case .planned: Issue.record("planned")
                }
            }
        }
        #expect(done == 2 && ids.count == 2)
        #expect(try await service.kms.describeKey(.id(key.id), by: manager).versions.count == 2)
    }

    @Test func `is forgotten after a day, and a changed answer in the database is refused`() async throws {
        let manager = try service.manager
        let request = CreateKeyRequest(name: try KeyName("once"))
        _ = try await service.kms.createKey(request, options: options("a"), by: manager)
        service.clock.advance(by: .seconds(23 * 3600))
        _ = await service.kms.runDueTasks()
        #expect(text(try await service.kms.createKey(request, options: options("a"), by: manager)) != nil)
        try service.sql("UPDATE answer SET answer = x'00'")
        let error = await refusal { try await service.kms.createKey(request, options: options("a"), by: manager) }
        #expect(error?.code == .recordTampered)
        let other = CreateKeyRequest(name: try KeyName("other"))
        _ = try await service.kms.createKey(other, options: options("b"), by: manager)
        service.clock.advance(by: .seconds(25 * 3600))
        _ = await service.kms.runDueTasks()
        #expect(
            await refusal { try await service.kms.createKey(other, options: options("b"), by: manager) }
                == .keyNameTaken(try #require(other.name)))
        // What is not as it was sealed is not forgotten, either.
        let later = await refusal { try await service.kms.createKey(request, options: options("a"), by: manager) }
        #expect(later?.code == .recordTampered)
    }

    @Test func `has a name of 1 to 255 visible characters`() throws {
        for text in ["", "a b", "ä", "a\n", String(repeating: "x", count: 256)] {
            #expect(throws: KMSError.self) { try IdempotencyKey(text) }
        }
        #expect(try IdempotencyKey(String(repeating: "x", count: 255)).text.count == 255)
    }
}
