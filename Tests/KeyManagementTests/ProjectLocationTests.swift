import KMSTesting
import StoreSQLite
import Testing

@testable import KeyManagement

@Suite
struct ProjectLocationTests {
    let service: Service

    init() async throws { service = try await Service() }

    private func location(_ account: String, _ region: String) throws -> ProjectLocation {
        ProjectLocation(account: try AccountNumber(account), region: try Region(region))
    }

    @Test func `a project is found by the place that it was given`() async throws {
        let place = try location("111122223333", "eu-central-1")
        let bank = try await service.kms.createProject(Service.bank, location: place, by: service.administrator)
        #expect(bank.location == place)
        #expect(try await service.kms.project(at: place) == Service.bank)
        #expect(try await service.kms.location(of: Service.bank) == place)
        #expect(try await service.restarted().project(at: place) == Service.bank)
        #expect(try await service.kms.project(at: location("111122223333", "eu-central-2")) == nil)
    }

    @Test func `a project of which nothing is said is at an account of its own in us-east-1, the first one too`()
        async throws
    {
        let bank = try await service.kms.createProject(Service.bank, by: service.administrator)
        let first = try #require(try await service.kms.location(of: Service.shop))
        let second = try #require(bank.location)
        #expect(first.region == .standard && second.region == .standard)
        #expect(first.account != second.account)
        #expect(try await service.kms.project(at: first) == Service.shop)
        #expect(try await service.kms.project(at: second) == Service.bank)
    }

    @Test func `no two projects are at the same place, and none is where a deleted one was`() async throws {
        let place = try location("111122223333", "eu-central-1")
        try await service.kms.createProject(Service.bank, location: place, by: service.administrator)
        let mall = try ProjectID("mall")
        let second = await refusal {
            try await service.kms.createProject(mall, location: place, by: service.administrator)
        }
        #expect(second == .nameTaken("111122223333/eu-central-1"))
        _ = try await service.kms.deleteProject(Service.bank, by: service.administrator)
        #expect(try await service.kms.project(at: place) == nil)
        let third = await refusal {
            try await service.kms.createProject(mall, location: place, by: service.administrator)
        }
        #expect(third == .nameTaken("111122223333/eu-central-1"))
    }

    @Test func `a project stays where it is`() async throws {
        let place = try location("111122223333", "eu-central-1")
        try await service.kms.createProject(Service.bank, location: place, by: service.administrator)
        let elsewhere = try location("111122223333", "eu-west-1")
        let moved = await refusal {
            try await service.kms.updateProject(Service.bank, location: elsewhere, by: service.administrator)
        }
        #expect(moved?.code == .stateForbids)
        #expect(try await service.kms.project(at: elsewhere) == nil)
        let same = try await service.kms.updateProject(Service.bank, location: place, by: service.administrator)
        #expect(same.location == place)
    }

    @Test func `a project of before has no place until it is said, and then stays there`() async throws {
        let old = ProjectRecord(id: try Service.bank, description: .none, at: service.clock.now)
        let administrator = try service.administrator
        let isStored = try await service.kms.withAudit(.changeProject, by: administrator) {
            (operation) throws(KMSError) in
            try await operation.save(old)
        }
        #expect(isStored)
        #expect(try await service.kms.location(of: Service.bank) == nil)
        let taken = try #require(try await service.kms.location(of: Service.shop))
        let refused = await refusal {
            try await service.kms.updateProject(Service.bank, location: taken, by: service.administrator)
        }
        #expect(refused == .nameTaken(taken.description))
        let place = try location("000000000001", "a")
        _ = try await service.kms.updateProject(Service.bank, location: place, by: service.administrator)
        #expect(try await service.kms.project(at: place) == Service.bank)
    }

    @Test(arguments: ["", "1111222233334", "11112222333x", "１"])
    func `accounts and regions are written as AWS writes them`(_ text: String) {
        #expect(throws: KMSError.self) { try AccountNumber(text) }
    }

    @Test(arguments: ["", "EU-central-1", "eu_central", "eu/central", String(repeating: "a", count: 33)])
    func `regions are lower-case letters, digits and '-'`(_ text: String) {
        #expect(throws: KMSError.self) { try Region(text) }
    }
}
