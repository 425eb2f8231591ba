import KMSTesting
import KeyManagement
import Testing

@Suite
struct ConcurrencyTests {
    @Test(arguments: [2, 16])
    func `concurrent rotations all succeed, each with a version of its own, and exactly one stays active`(_ count: Int)
        async throws
    {
        let service = try await Service()
        let key = try await service.key(versions: 0)
        let manager = try service.manager
        let numbers = try await withThrowingTaskGroup(of: UInt32?.self) { group in
            for _ in 0..<count {
                group.addTask { try await service.kms.rotate(.id(key.id), by: manager).versions.active?.value }
            }
            return try await group.reduce(into: [UInt32?]()) { $0.append($1) }
        }
        #expect(Set(numbers) == Set((1...count).map { UInt32($0) }))
        try await requireOneActive(of: key, versions: count, in: service)
    }

    @Test func `two services on one database rotate the same key, and both succeed`() async throws {
        let service = try await Service()
        let key = try await service.key(versions: 0)
        let manager = try service.manager
        let (one, two) = (service.restarted(), service.restarted())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<2 {
                group.addTask { _ = try await one.rotate(.id(key.id), by: manager) }
                group.addTask { _ = try await two.rotate(.id(key.id), by: manager) }
            }
            try await group.waitForAll()
        }
        try await requireOneActive(of: key, versions: 4, in: service)
    }

    private func requireOneActive(of key: KeyRecord, versions count: Int, in service: Service) async throws {
        let versions = try await service.restarted().listVersions(of: .id(key.id), by: service.manager).items
        #expect(versions.map(\.id.number.value) == (1...count).reversed().map { UInt32($0) })
        #expect(versions.map(\.state) == [.active] + [VersionState](repeating: .deactivated, count: count - 1))
        #expect(try await service.kms.describeKey(.id(key.id), by: service.manager).versions.count == count)
    }

    @Test func `encryption goes on while the key is rotated, and everything decrypts`() async throws {
        let service = try await Service()
        let key = try await service.key()
        let manager = try service.manager
        let ciphertexts = try await withThrowingTaskGroup(of: [Ciphertext].self) { group in
            group.addTask {
                for _ in 0..<10 { _ = try await service.kms.rotate(.id(key.id), by: manager) }
                return []
            }
            for _ in 0..<4 {
                group.addTask {
                    var made: [Ciphertext] = []
                    for _ in 0..<25 { made.append(try await service.encrypt("text", under: key)) }
                    return made
                }
            }
            return try await group.reduce(into: [Ciphertext]()) { $0 += $1 }
        }
        #expect(ciphertexts.count == 100)
        for ciphertext in ciphertexts { #expect(try await service.decrypt(ciphertext) == "text") }
    }

    @Test
    func `keys of one name that are made at the same time are one key; the others are told that the name is taken`()
        async throws
    {
        let service = try await Service()
        let manager = try service.manager
        let name = try KeyName("wanted")
        let codes = await withTaskGroup(of: String.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    do throws(KMSError) {
                        _ = try await service.kms.createKey(CreateKeyRequest(name: name), by: manager)
                        return "MADE"
                    } catch {
                        return error.code.rawValue
                    }
                }
            }
            return await group.reduce(into: [String]()) { $0.append($1) }
        }
        #expect(codes.sorted() == [String](repeating: "KEY_NAME_TAKEN", count: 7) + ["MADE"])
        #expect(try await service.kms.listKeys(by: manager).items.count == 1)
    }
}
