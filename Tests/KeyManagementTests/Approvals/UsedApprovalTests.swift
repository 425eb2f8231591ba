import KMSTesting
import Testing

@testable import KeyManagement

@Suite
struct UsedApprovalTests {
    let fixture: ApprovalFixture
    var kms: KeyService { fixture.service.kms }

    init() async throws {
        fixture = try await ApprovalFixture()
    }

    private func approved(_ body: (ApprovalID?) async throws -> Void) async throws -> ApprovalID {
        let id = try await fixture.request { try await body(nil) }
        _ = try await kms.approve(id, by: fixture.ann)
        return id
    }

    @Test(
        "the request and the use of an approval are announced under verbs of their own, with the project of the operation"
    )
    func announced() async throws {
        let key = try await fixture.service.key("k", versions: 2)
        func destroy(_ approval: ApprovalID?) async throws {
            _ = try await kms.scheduleDestruction(of: .first, of: .id(key.id), by: try fixture.managing(approval))
        }
        try await fixture.require(1, for: .destroy)
        try await destroy(try await approved(destroy))
        func rotate(_ approval: ApprovalID?) async throws {
            _ = try await kms.rotateRoots(by: try fixture.asking(approval))
        }
        try await fixture.require(1, for: .rotateRoots, approvedBy: fixture.ann)
        try await rotate(try await approved(rotate))
        let entries = fixture.service.audit.entries
        func announced(_ verb: Verb) -> [ProjectID?] {
            entries.filter { $0.outcome == .intended && $0.verb == verb.rawValue }.map(\.project)
        }
        let shop: ProjectID? = try Service.shop
        #expect(announced(.requestApproval).filter { $0 != nil } == [shop])
        #expect(announced(.useApproval) == [shop, nil])
        // The operations themselves are recorded under their own verbs, in the order of the attempts.
        let codes = ["APPROVAL_REQUIRED", "SUCCESS"]
        for verb in [Verb.destroy, .rotateRoots] {
            let done = entries.filter { $0.outcome != .intended && $0.verb == verb.rawValue }
            #expect(done.map(\.code) == codes && Set(done.map(\.project)).count == 1, "\(verb)")
        }
        #expect(!entries.contains { $0.outcome == .succeeded && $0.verb == Verb.useApproval.rawValue })
    }

    @Test func `an approval is used once: the same cannot be done with it again, by any verb that takes one`()
        async throws
    {
        for operation in GuardedOperation.allCases {
            if operation == GuardedOperation.allCases.first {
                try await fixture.require(1, for: operation)
            } else {
                try await fixture.require(1, for: operation, approvedBy: fixture.ann)
            }
        }
        let key = try await fixture.service.key("k", versions: 4)
        let owner = try SubjectID("user")
        let service = fixture.service
        let list = try AccessList(subjects: [owner], groups: [])
        _ = try await kms.changeAccess(to: .id(key.id), .on(.empty), by: try service.manager)
        let acts: [(String, (ApprovalID?) async throws -> Void)] = [
            (
                "destroy",
                {
                    _ = try await kms.scheduleDestruction(of: .first, of: .id(key.id), by: try fixture.managing($0))
                }
            ),
            (
                "owner",
                {
                    let caller = Caller(try fixture.asking($0), in: try Service.shop)
                    _ = try await kms.changeOwner(of: .id(key.id), to: owner, by: caller)
                }
            ),
            (
                "policy",
                {
                    _ = try await kms.setApprovalPolicy(
                        for: .retireRoots, required: 1, approvers: Set(fixture.people.map(\.subject)), hours: 9,
                        by: try fixture.asking($0))
                }
            ),
            ("credential", { _ = try await kms.issueCredential(for: fixture.bob.subject, by: try fixture.asking($0)) }),
            (
                "access key",
                {
                    _ = try await kms.createAccessKey(
                        for: fixture.bob.subject, AccessKeyRequest(account: try AccountNumber("123456789012")),
                        by: try fixture.asking($0))
                }
            ),
            ("roots", { _ = try await kms.rotateRoots(by: try fixture.asking($0)) }),
            (
                "access",
                {
                    _ = try await kms.changeAccess(to: .id(key.id), .on(.empty), by: try fixture.managing(nil))
                    _ = try await kms.changeAccess(to: .id(key.id), .on(list), by: try fixture.managing($0))
                }
            ),
            ("deletion", { _ = try await kms.scheduleDeletion(of: .id(key.id), by: try fixture.managing($0)) }),
        ]
        var used: [ApprovalID] = []
        for (name, act) in acts {
            // The manager loses the key when it has another owner and other subjects are listed.
            if name == "access" {
                let caller = Caller(try fixture.asking(nil), in: try Service.shop)
                let back = try await approved {
                    _ = try await kms.changeOwner(
                        of: .id(key.id), to: try SubjectID("manager"),
                        by: Caller(try fixture.asking($0), in: caller.project))
                }
                _ = try await kms.changeOwner(
                    of: .id(key.id), to: try SubjectID("manager"),
                    by: Caller(try fixture.asking(back), in: caller.project))
            }
            let id = try await approved(act)
            try await act(id)
            used.append(id)
            #expect(try await kms.approval(id, by: try fixture.asking(nil)).usedAt != nil, "\(name)")
            let error = await refusal(Comment(rawValue: name)) { try await act(id) }
            #expect([.approvalInvalid, .stateForbids].contains(error?.code), "\(name): \(error as Any)")
        }
        // Nor by any other verb.
        for id in used {
            for (name, act) in acts {
                let error = await refusal(Comment(rawValue: name)) { try await act(id) }
                #expect(
                    [.approvalInvalid, .stateForbids, .keyNotFound].contains(error?.code),
                    "\(name): \(error as Any)")
            }
        }
    }

    @Test func `of many who use an approval at the same time, in two processes, one does`() async throws {
        try await fixture.require(1, for: .destroy)
        let key = try await fixture.service.key("k", versions: 2)
        let id = try await approved {
            _ = try await kms.scheduleDestruction(of: .first, of: .id(key.id), by: try fixture.managing($0))
        }
        let (first, second, caller) = (kms, fixture.service.restarted(), try fixture.managing(id))
        let done = await withTaskGroup(of: Bool.self) { tasks in
            for turn in 0..<12 {
                tasks.addTask {
                    let service = turn % 2 == 0 ? first : second
                    do {
                        _ = try await service.scheduleDestruction(of: .first, of: .id(key.id), by: caller)
                        return true
                    } catch {
                        return false
                    }
                }
            }
            return await tasks.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(done == 1)
        let uses = fixture.service.audit.entries.filter { $0.outcome != .intended && $0.verb == "destroy" }
            .flatMap(\.changes).filter { $0.kind == "approval" && $0.revision == 3 }
        #expect(uses.count == 1)
    }

    @Test func `an approval is used up by an operation that fails after it, and the audit log has it as used`()
        async throws
    {
        try await fixture.require(1, for: .destroy)
        let key = try await fixture.service.key("k", versions: 2)
        let active = try #require(VersionNumber(2))
        func destroy(_ approval: ApprovalID?) async throws {
            _ = try await kms.scheduleDestruction(of: active, of: .id(key.id), by: try fixture.managing(approval))
        }
        let id = try await approved(destroy)
        #expect(await refusal { try await destroy(id) }?.code == .stateForbids)
        let entry = try #require(fixture.service.audit.entries.last)
        #expect(entry.verb == "destroy" && entry.outcome == .failed && entry.changes.map(\.kind) == ["approval"])
        let seen = try await fixture.service.audit.witnessedRecords(limit: 100).first { $0.id == id.text }
        #expect(seen?.done?.revision == 3)
        // Even if the operation would now succeed.
        _ = try await kms.rotate(.id(key.id), by: try fixture.managing(nil))
        await fixture.expectInvalid("already used") { try await destroy(id) }
    }

    @Test func `a rejection that comes while an approval is being used counts`() async throws {
        let fixture = self.fixture
        try await fixture.require(1)
        let id = try await approved { _ = try await kms.rotateRoots(by: try fixture.asking($0)) }
        let interposed = fixture.interposed { _ = try await fixture.service.kms.reject(id, by: fixture.bob) }
        await fixture.expectInvalid("was rejected") {
            _ = try await interposed.rotateRoots(by: try fixture.asking(id))
        }
        #expect(fixture.epoch == 1)
    }

    @Test func `a change of a policy that comes while an approval of another change is being used counts`() async throws
    {
        let fixture = self.fixture
        try await fixture.require(1)
        func lower(_ kms: KeyService, _ approval: ApprovalID?) async throws {
            _ = try await kms.setApprovalPolicy(
                for: .rotateRoots, required: 0, approvers: [], hours: 1, by: try fixture.asking(approval))
        }
        let id = try await approved { try await lower(kms, $0) }
        let interposed = fixture.interposed { try await fixture.require(2, approvedBy: fixture.bob) }
        await fixture.expectInvalid("is for another request") { try await lower(interposed, id) }
        #expect(try await kms.approvalPolicies(by: try fixture.asking(nil)).map(\.required) == [2])
    }
}
