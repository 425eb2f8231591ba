import KMSTesting
import Testing

@testable import KeyManagement

/// Approvers count as they are presented, and are checked again when the approval is spent.
@Suite
struct PresentedApproverTests {
    let fixture: ApprovalFixture
    var kms: KeyService { fixture.service.kms }

    init() async throws {
        fixture = try await ApprovalFixture()
    }

    /// Authenticates with a new credential of a subject.
    private func present(
        _ subject: SubjectID, in project: ProjectID? = nil
    ) async throws -> (principal: Principal, credential: CredentialID) {
        let issued = try await kms.issueCredential(
            for: subject, CredentialRequest(project: project), by: try fixture.asking(nil))
        return (
            try await kms.authenticate(AuthenticationRequest(bearer: issued.token.text)).principal, issued.record.id
        )
    }

    private func request() async throws -> ApprovalID {
        try await fixture.request { _ = try await kms.rotateRoots(by: try fixture.asking(nil)) }
    }

    @Test func `a credential for one project approves nothing for the platform, and does not show it either`()
        async throws
    {
        let scoped = try await present(fixture.ann.subject, in: try Service.shop).principal
        let unscoped = try await present(fixture.ann.subject).principal
        #expect(try scoped.scope == Service.shop && unscoped.scope == nil)
        try await fixture.require(1)
        let id = try await request()
        #expect(await refusal { try await kms.approve(id, by: scoped) } == .approvalNotFound(id))
        #expect(await refusal { try await kms.reject(id, by: scoped) } == .approvalNotFound(id))
        #expect(await refusal { try await kms.approval(id, by: scoped) } == .approvalNotFound(id))
        #expect(try await kms.listApprovals(after: nil, limit: .standard, by: scoped).items.isEmpty)
        await fixture.expectInvalid("0 of 1") { _ = try await kms.rotateRoots(by: try fixture.asking(id)) }
        _ = try await kms.approve(id, by: unscoped)
        _ = try await kms.rotateRoots(by: try fixture.asking(id))
    }

    @Test func `a token of an issuer that is bound to a project, and an access key, approve nothing for the platform`()
        async throws
    {
        try await fixture.require(1)
        let id = try await request()
        for authentication in ["jwt:issuer", "certificate:0a", "access-key:AKIAABCDEFGHIJKLMNOP"] {
            let profile = fixture.ann.profile.restricted(to: try Service.shop)
            let shown = Principal(profile: profile, authentication: authentication)
            #expect(await refusal { try await kms.approve(id, by: shown) } == .approvalNotFound(id))
        }
        await fixture.expectInvalid("0 of 1") { _ = try await kms.rotateRoots(by: try fixture.asking(id)) }
    }

    @Test func `a credential for one project approves in that project what its role there may, and nothing in another`()
        async throws
    {
        let service = fixture.service
        let (manager, administrator) = (try SubjectID("manager"), try fixture.asking(nil))
        let bank = try Service.bank
        try await kms.createProject(bank, by: administrator)
        try await kms.grantRole(.manager, in: bank, to: .subject(manager), by: administrator)
        let other = try SubjectID("other")
        try await kms.createSubject(other, by: administrator)
        try await kms.grantRole(.manager, in: try Service.shop, to: .subject(other), by: administrator)
        let asking = try await present(other).principal
        let (inShop, inBank) = (
            try await present(manager, in: try Service.shop).principal,
            try await present(manager, in: bank).principal
        )
        _ = try await kms.setApprovalPolicy(
            for: .destroy, required: 1, approvers: [manager], hours: 1, by: administrator)
        let key = try await service.key("k", versions: 2)
        func destroy(_ approval: ApprovalID?) async throws {
            let caller = Caller(Principal(profile: asking.profile, approval: approval), in: try Service.shop)
            _ = try await kms.scheduleDestruction(of: .first, of: .id(key.id), by: caller)
        }
        let id = try await fixture.request { try await destroy(nil) }
        #expect(await refusal { try await kms.approve(id, by: inBank) } == .approvalNotFound(id))
        let decided = try await kms.approve(id, by: inShop)
        #expect(try decided.approvals.first?.scope == Service.shop)
        #expect(decided.approvals.first?.authentication?.hasPrefix("token:") == true)
        try await destroy(id)
        // A Manager approves operations of the platform only without a scope.
        let change = try await fixture.request {
            _ = try await kms.setApprovalPolicy(
                for: .destroy, required: 0, approvers: [], hours: 1, by: administrator)
        }
        #expect(await refusal { try await kms.approve(change, by: inShop) } == .approvalNotFound(change))
    }

    @Test func `an administrator's credential for a project approves there only what a Manager may`() async throws {
        let scoped = try await present(fixture.ann.subject, in: try Service.shop).principal
        try await fixture.require(1, for: .destroy)
        let key = try await fixture.service.key("k", versions: 2)
        let id = try await fixture.request {
            _ = try await kms.scheduleDestruction(of: .first, of: .id(key.id), by: try fixture.managing(nil))
        }
        let error = await refusal { try await kms.approve(id, by: scoped) }
        #expect(
            error
                == .accessDenied(reason: "this credential is for project shop only, and gives no role to approve this"))
    }

    @Test func `nobody approves their own request through another credential`() async throws {
        let first = try await present(fixture.ann.subject).principal
        let second = try await present(fixture.ann.subject).principal
        #expect(first.authentication != second.authentication)
        try await fixture.require(1)
        let id = try await fixture.request { _ = try await kms.rotateRoots(by: first) }
        #expect(
            await refusal { try await kms.approve(id, by: second) }
                == .accessDenied(reason: "ann has requested it, and cannot approve it"))
    }

    @Test func `an approval by a credential that was revoked since does not count; one that only expired does`()
        async throws
    {
        let (first, credential) = try await present(fixture.ann.subject)
        let short = try await kms.issueCredential(
            for: fixture.bob.subject, CredentialRequest(days: 1), by: try fixture.asking(nil))
        let second = try await kms.authenticate(AuthenticationRequest(bearer: short.token.text)).principal
        try await fixture.require(1, hours: 72)
        let id = try await request()
        _ = try await kms.approve(id, by: first)
        _ = try await kms.revokeCredential(credential, by: try fixture.asking(nil))
        await fixture.expectInvalid("0 of 1") { _ = try await kms.rotateRoots(by: try fixture.asking(id)) }
        _ = try await kms.approve(id, by: second)
        fixture.service.clock.advance(by: .seconds(2 * 86_400))
        _ = try await kms.rotateRoots(by: try fixture.asking(id))
    }

    @Test func `who is presented as less than the directory says approves no more than that`() async throws {
        try await fixture.require(1)
        let id = try await request()
        let plain = ApprovalFixture.principal(fixture.ann.subject, isAdministrator: false)
        #expect(await refusal { try await kms.approve(id, by: plain) }?.code == .accessDenied)
    }

    @Test func `how an approver was presented is sealed with the approval, and records of before are read as they are`()
        throws
    {
        let policy = ApprovalPolicyRecord(
            operation: .destroy, required: 1, approvers: [fixture.ann.subject], hours: 1,
            at: Timestamp(milliseconds: 5))
        var record = ApprovalRecord(
            operation: .destroy, project: try Service.shop, parameters: ["key": "k"], requester: fixture.bob.subject,
            guards: [policy], at: Timestamp(milliseconds: 5))
        func decision(_ authentication: String?, _ scope: ProjectID?) -> ApprovalRecord.Decision {
            ApprovalRecord.Decision(
                subject: fixture.ann.subject, at: Timestamp(milliseconds: 6), authentication: authentication,
                scope: scope)
        }
        var encodings: Set<[UInt8]> = []
        for approvals in [
            [], [decision(nil, nil)], [decision("token:a", nil)], [decision("token:a", try Service.shop)],
            [decision("token:a", try Service.bank)], [decision(nil, nil), decision("jwt:b", try Service.shop)],
        ] {
            record.approvals = approvals
            record.rejection = approvals.last
            let read = try #require(ApprovalRecord(canonical: record.canonicalBytes))
            #expect(read == record && read.canonicalBytes == record.canonicalBytes)
            encodings.insert(record.canonicalBytes)
        }
        #expect(encodings.count == 6)
    }
}
