import KMSTesting
import KeyManagement
import Testing

@Suite
struct ApprovalTests {
    let fixture: ApprovalFixture
    var service: Service { fixture.service }
    var people: [Principal] { fixture.people }
    private var epoch: UInt32 { fixture.epoch }

    init() async throws {
        fixture = try await ApprovalFixture()
    }

    private func asking(_ approval: ApprovalID?) throws -> Principal { try fixture.asking(approval) }

    private func require(
        _ count: Int = 2, for operation: GuardedOperation = .rotateRoots, hours: Int = 24
    ) async throws {
        try await fixture.require(count, for: operation, hours: hours)
    }

    /// Requests new roots, and returns the id of the approval that they need.
    private func request() async throws -> ApprovalID {
        try await request { _ = try await service.kms.rotateRoots(by: try asking(nil)) }
    }

    private func request(_ body: () async throws -> Void) async throws -> ApprovalID {
        try await fixture.request(body)
    }

    private func expectInvalid(_ text: String, _ body: () async throws -> Void) async {
        await fixture.expectInvalid(text, body)
    }

    @Test func `k approvals are needed, and k - 1 are not enough; then it is done once`() async throws {
        try await require()
        let id = try await request()
        #expect(try await request() == id)
        let asking = try asking(id)
        await expectInvalid("0 of 2") { _ = try await service.kms.rotateRoots(by: asking) }
        _ = try await service.kms.approve(id, by: people[0])
        await expectInvalid("1 of 2") { _ = try await service.kms.rotateRoots(by: asking) }
        #expect(epoch == 1)
        #expect(try await service.kms.approve(id, by: people[1]).approvals.count == 2)
        _ = try await service.kms.rotateRoots(by: asking)
        #expect(epoch == 2)
        _ = try await service.kms.retireRoots(.first, by: asking)
        await expectInvalid("already used") { _ = try await service.kms.rotateRoots(by: asking) }
        #expect(epoch == 2)
        let verbs = service.audit.entries.filter { $0.outcome == .succeeded }.map(\.verb)
        for verb in ["changeApprovalPolicy", "decideApproval", "rotateRoots"] { #expect(verbs.contains(verb)) }
        #expect(service.audit.entries.contains { $0.code == "APPROVAL_REQUIRED" && $0.details["approval"] == id.text })
    }

    @Test func `the same person counts once, and nobody approves what he has requested`() async throws {
        try await require()
        let id = try await request()
        _ = try await service.kms.approve(id, by: people[0])
        await #expect(throws: KMSError.self) { try await service.kms.approve(id, by: people[0]) }
        await expectInvalid("1 of 2") { _ = try await service.kms.rotateRoots(by: try asking(id)) }
        // One of the approvers makes the request.
        let own = try await request { _ = try await service.kms.rotateRoots(by: people[0]) }
        await #expect(throws: KMSError.accessDenied(reason: "ann has requested it, and cannot approve it")) {
            try await service.kms.approve(own, by: people[0])
        }
        // A subject that the policy does not name.
        await #expect(throws: KMSError.self) { try await service.kms.approve(id, by: try service.administrator) }
        await #expect(throws: KMSError.approvalNotFound(id)) {
            try await service.kms.approve(id, by: service.manager.principal)
        }
        #expect(epoch == 1)
    }

    @Test func `an approval that expired, was rejected, is another's or is for something else allows nothing`()
        async throws
    {
        try await require(1, hours: 1)
        let late = try await request()
        _ = try await service.kms.approve(late, by: people[0])
        service.clock.advance(by: .seconds(3601))
        await expectInvalid("has expired") { _ = try await service.kms.rotateRoots(by: try asking(late)) }
        await #expect(throws: KMSError.stateForbids("the request is expired")) {
            try await service.kms.approve(late, by: people[1])
        }
        let rejected = try await request()
        _ = try await service.kms.approve(rejected, by: people[0])
        _ = try await service.kms.reject(rejected, by: people[1])
        await expectInvalid("was rejected") { _ = try await service.kms.rotateRoots(by: try asking(rejected)) }
        let good = try await request()
        _ = try await service.kms.approve(good, by: people[0])
        await expectInvalid("requested by another caller") {
            _ = try await service.kms.rotateRoots(by: ApprovalFixture.principal(people[1].subject, good))
        }
        // The same operation with other parameters, and another operation.
        try await fixture.require(1, for: .destroy, approvedBy: people[0])
        let key = try await service.key("k", versions: 3)
        let manager = try service.manager
        let number = try #require(VersionNumber(1))
        let destroy = try await request {
            _ = try await service.kms.scheduleDestruction(of: number, of: .id(key.id), in: 10, by: manager)
        }
        _ = try await service.kms.approve(destroy, by: people[0])
        let approved = Caller(
            Principal(profile: manager.principal.profile, approval: destroy), in: manager.project)
        await expectInvalid("is for another request") {
            _ = try await service.kms.scheduleDestruction(of: number, of: .id(key.id), in: 11, by: approved)
        }
        await expectInvalid("is for another request") {
            _ = try await service.kms.scheduleDestruction(
                of: try #require(VersionNumber(2)), of: .id(key.id), in: 10, by: approved)
        }
        await expectInvalid("is for another request") {
            _ = try await service.kms.rotateRoots(by: ApprovalFixture.principal(manager.subject, destroy))
        }
        _ = try await service.kms.scheduleDestruction(of: number, of: .id(key.id), in: 10, by: approved)
        #expect(epoch == 1)
    }

    @Test func `who lost his role, or is not named any more, between approval and execution does not count`()
        async throws
    {
        try await require(2)
        let id = try await request()
        _ = try await service.kms.approve(id, by: people[0])
        _ = try await service.kms.approve(id, by: people[1])
        _ = try await service.kms.updateSubject(
            people[1].subject, SubjectUpdate(isEnabled: false), by: try service.administrator)
        await expectInvalid("1 of 2") { _ = try await service.kms.rotateRoots(by: try asking(id)) }
        _ = try await service.kms.updateSubject(
            people[1].subject, SubjectUpdate(isEnabled: true, isAdministrator: false), by: try service.administrator)
        await expectInvalid("1 of 2") { _ = try await service.kms.rotateRoots(by: try asking(id)) }
        _ = try await service.kms.approve(id, by: people[2])
        _ = try await service.kms.rotateRoots(by: try asking(id))
        #expect(epoch == 2)
    }

    @Test func `one alone takes no guard away: changing a policy needs the approvals of what it changes`() async throws
    {
        try await require(2)
        let administrator = try service.administrator
        func relax(_ principal: Principal) async throws {
            _ = try await service.kms.setApprovalPolicy(
                for: .rotateRoots, required: 0, approvers: [], hours: 24, by: principal)
        }
        let id = try await request { try await relax(administrator) }
        _ = try await service.kms.approve(id, by: people[0])
        await expectInvalid("1 of 2") { try await relax(try asking(id)) }
        _ = try await service.kms.approve(id, by: people[2])
        await expectInvalid("is for another request") {
            _ = try await service.kms.setApprovalPolicy(
                for: .rotateRoots, required: 0, approvers: [], hours: 23, by: try asking(id))
        }
        try await relax(try asking(id))
        _ = try await service.kms.rotateRoots(by: administrator)
        #expect(epoch == 2)
        await #expect(throws: KMSError.self) {
            try await service.kms.setApprovalPolicy(
                for: .destroy, required: 2, approvers: [people[0].subject], hours: 24, by: administrator)
        }
    }

    @Test func `giving a key to another owner can need approval; a record that was changed is not believed`()
        async throws
    {
        try await require(1, for: .changeOwner)
        let key = try await service.key("k")
        let caller = try service.administratorInShop
        let owner = try SubjectID("user")
        let id = try await request {
            _ = try await service.kms.changeOwner(of: .id(key.id), to: owner, by: caller)
        }
        try service.sql("UPDATE directory SET content = CAST(content || x'00' AS BLOB) WHERE kind = 'approval'")
        await #expect(throws: KMSError.self) { try await service.kms.approve(id, by: people[0]) }
    }

    @Test func `an administrator cannot give himself the credential of somebody who approves`() async throws {
        let administrator = try service.administrator
        _ = try await service.kms.issueCredential(for: people[0].subject, by: administrator)
        try await require(2)
        let id = try await request {
            _ = try await service.kms.issueCredential(for: people[0].subject, by: administrator)
        }
        _ = try await service.kms.approve(id, by: people[1])
        await expectInvalid("1 of 2") {
            _ = try await service.kms.issueCredential(for: people[0].subject, by: try asking(id))
        }
        _ = try await service.kms.approve(id, by: people[2])
        await expectInvalid("is for another request") {
            _ = try await service.kms.issueCredential(for: people[1].subject, by: try asking(id))
        }
        _ = try await service.kms.issueCredential(for: people[0].subject, by: try asking(id))
        // For other subjects nothing changes.
        _ = try await service.kms.issueCredential(for: try SubjectID("user"), by: administrator)
    }
}
