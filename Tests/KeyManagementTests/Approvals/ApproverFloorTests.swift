import KMSTesting
import Testing

@testable import KeyManagement

/// At least one administrator, and as many approvers as the policies in force require, must always remain.
@Suite
struct ApproverFloorTests {
    let fixture: ApprovalFixture
    var kms: KeyService { fixture.service.kms }
    var administrator: Principal { get throws { try fixture.asking(nil) } }

    init() async throws {
        fixture = try await ApprovalFixture()
    }

    private func expectRefused(
        _ policy: GuardedOperation, sourceLocation: SourceLocation = #_sourceLocation,
        _ body: () async throws -> some Any
    ) async {
        let error = await refusal(sourceLocation: sourceLocation, of: body)
        #expect(error?.code == .stateForbids, sourceLocation: sourceLocation)
        #expect(
            error?.message.contains("approval policy '\(policy.rawValue)'") == true, "\(error?.message ?? "")",
            sourceLocation: sourceLocation)
    }

    @Test func `an approver whom a policy needs is neither deleted, nor disabled, nor demoted; others are`()
        async throws
    {
        try await fixture.require(2)
        let (ann, bob, eve) = (fixture.ann.subject, fixture.bob.subject, fixture.eve.subject)
        _ = try await kms.updateSubject(eve, SubjectUpdate(isAdministrator: false), by: administrator)
        for id in [ann, bob] {
            await expectRefused(.rotateRoots) { try await kms.deleteSubject(id, by: try administrator) }
            for update in [SubjectUpdate(isEnabled: false), SubjectUpdate(isAdministrator: false)] {
                await expectRefused(.rotateRoots) { try await kms.updateSubject(id, update, by: try administrator) }
            }
            _ = try await kms.updateSubject(
                id, SubjectUpdate(description: try KeyDescription("approver")), by: administrator)
        }
        // Eve may approve again, so another approver may be removed.
        _ = try await kms.updateSubject(eve, SubjectUpdate(isAdministrator: true), by: administrator)
        _ = try await kms.deleteSubject(ann, by: administrator)
        await expectRefused(.rotateRoots) { try await kms.deleteSubject(eve, by: try administrator) }
    }

    /// Sets up managers of a project, one directly and one through a group, who approve destructions.
    private func managers() async throws -> (alone: SubjectID, inGroup: SubjectID, group: GroupID, project: ProjectID) {
        let (alone, inGroup, group) = (try SubjectID("mia"), try SubjectID("max"), try GroupID("keepers"))
        let project = try Service.bank
        try await kms.createProject(project, by: administrator)
        for id in [alone, inGroup] { try await kms.createSubject(id, by: administrator) }
        try await kms.createGroup(group, by: administrator)
        try await kms.addMember(inGroup, to: group, by: administrator)
        try await kms.grantRole(.manager, in: project, to: .subject(alone), by: administrator)
        try await kms.grantRole(.manager, in: project, to: .group(group), by: administrator)
        _ = try await kms.setApprovalPolicy(
            for: .destroy, required: 2, approvers: [alone, inGroup], hours: 1, by: administrator)
        return (alone, inGroup, group, project)
    }

    @Test func `nor does any change of a role, a group or a project leave too few`() async throws {
        let (alone, inGroup, group, project) = try await managers()
        let administrator = try self.administrator
        let verbs: [(String, () async throws -> Void)] = [
            ("delete subject", { _ = try await kms.deleteSubject(alone, by: administrator) }),
            (
                "disable subject",
                {
                    _ = try await kms.updateSubject(inGroup, SubjectUpdate(isEnabled: false), by: administrator)
                }
            ),
            (
                "revoke role of subject",
                {
                    try await kms.revokeRole(in: project, from: .subject(alone), by: administrator)
                }
            ),
            (
                "lower role of subject",
                {
                    try await kms.grantRole(.user, in: project, to: .subject(alone), by: administrator)
                }
            ),
            ("revoke role of group", { try await kms.revokeRole(in: project, from: .group(group), by: administrator) }),
            (
                "lower role of group",
                {
                    try await kms.grantRole(.viewer, in: project, to: .group(group), by: administrator)
                }
            ),
            ("remove member", { try await kms.removeMember(inGroup, from: group, by: administrator) }),
            ("delete group", { _ = try await kms.deleteGroup(group, by: administrator) }),
            ("delete project", { _ = try await kms.deleteProject(project, by: administrator) }),
        ]
        for (name, body) in verbs {
            let error = await refusal(Comment(rawValue: name), of: body)
            #expect(error?.message.contains("approval policy 'destruction'") == true, "\(name): \(error as Any)")
        }
        // With a third approver each of the changes is permitted.
        let third = try SubjectID("moe")
        try await kms.createSubject(third, isAdministrator: true, by: administrator)
        let change = {
            (approval: ApprovalID?, by: Principal) in
            _ = try await kms.setApprovalPolicy(
                for: .destroy, required: 2, approvers: [alone, inGroup, third], hours: 1,
                by: Principal(profile: by.profile, approval: approval))
        }
        let id = try await fixture.request { try await change(nil, administrator) }
        for name in [alone, inGroup] {
            let profile = try #require(try await kms.records.profile(of: name))
            _ = try await kms.approve(id, by: Principal(profile: profile))
        }
        try await change(id, administrator)
        try await kms.removeMember(inGroup, from: group, by: administrator)
    }

    @Test func `what lessens nobody who is needed goes on as before`() async throws {
        let (alone, _, group, project) = try await managers()
        let other = try SubjectID("other")
        try await kms.createSubject(other, isAdministrator: true, by: administrator)
        try await kms.grantRole(.manager, in: project, to: .subject(other), by: administrator)
        try await kms.revokeRole(in: project, from: .subject(other), by: administrator)
        _ = try await kms.deleteSubject(other, by: administrator)
        try await kms.grantRole(.manager, in: try Service.shop, to: .subject(alone), by: administrator)
        try await kms.revokeRole(in: try Service.shop, from: .subject(alone), by: administrator)
        _ = try await kms.updateGroup(group, description: try KeyDescription("x"), by: administrator)
    }

    /// A policy from before this check existed, or from a store that was made otherwise.
    @Test func `a policy that has too few approvers already stops no other change`() throws {
        let policy = ApprovalPolicyRecord(
            operation: .rotateRoots, required: 3, approvers: Set(fixture.people.map(\.subject)), hours: 1,
            at: Timestamp(milliseconds: 0))
        func subject(_ principal: Principal, isAdministrator: Bool = true) -> SubjectRecord {
            SubjectRecord(
                id: principal.subject, kind: .user, isAdministrator: isAdministrator, at: Timestamp(milliseconds: 0))
        }
        var state = Oversight()
        state.policies = [.rotateRoots: policy]
        state.subjects = [fixture.ann.subject: subject(fixture.ann), fixture.bob.subject: subject(fixture.bob)]
        let other = try SubjectID("other")
        state.subjects[other] = SubjectRecord(
            id: other, kind: .user, isAdministrator: true, at: Timestamp(milliseconds: 0))
        let demoted = SubjectRecord(id: other, kind: .user, at: Timestamp(milliseconds: 0))
        #expect(state.refusal(of: [demoted]) == nil)
        #expect(state.refusal(of: [subject(fixture.ann, isAdministrator: false)]) != nil, "it makes the shortage worse")
        var off = policy
        off.required = 0
        #expect(state.refusal(of: [off]) == nil)
    }

    // MARK: Two at the same time

    @Test func `two administrators who demote, disable or delete each other at the same time leave one`() async throws {
        let (first, ann, kms, administrator) = (try SubjectID("admin"), fixture.ann, self.kms, try self.administrator)
        for person in [fixture.bob, fixture.eve] { _ = try await kms.deleteSubject(person.subject, by: administrator) }
        for (hers, his) in [
            (SubjectUpdate(isAdministrator: false), SubjectUpdate(isAdministrator: false)),
            (SubjectUpdate(isEnabled: false), SubjectUpdate(isAdministrator: false)),
            (SubjectUpdate(isAdministrator: false), nil),
        ] as [(SubjectUpdate, SubjectUpdate?)] {
            let interposed = fixture.interposed {
                if let his {
                    _ = try await kms.updateSubject(ann.subject, his, by: administrator)
                } else {
                    _ = try await kms.deleteSubject(ann.subject, by: administrator)
                }
            }
            let error = await refusal { try await interposed.updateSubject(first, hers, by: ann) }
            #expect(error == .stateForbids("'admin' is the last platform administrator"))
            #expect(try await kms.subject(first, by: administrator).isAdministrator)
            if his != nil {
                _ = try await kms.updateSubject(
                    ann.subject, SubjectUpdate(isEnabled: true, isAdministrator: true), by: administrator)
            }
        }
    }

    @Test func `of many who demote each other at once, in two processes, one remains`() async throws {
        let (kms, other) = (self.kms, fixture.service.restarted())
        let all = fixture.people + [try administrator]
        await withTaskGroup(of: Void.self) { tasks in
            for (index, person) in all.enumerated() {
                for victim in all where victim.subject != person.subject {
                    tasks.addTask {
                        let service = index % 2 == 0 ? kms : other
                        _ = try? await service.updateSubject(
                            victim.subject, SubjectUpdate(isAdministrator: false), by: person)
                    }
                }
            }
        }
        var left = 0
        for person in all {
            if try await kms.records.directoryRecord(SubjectRecord.self, person.subject.text)?.isAdministrator == true {
                left += 1
            }
        }
        #expect(left == 1)
    }

    @Test func `two approvers who are taken away at the same time are not both gone`() async throws {
        try await fixture.require(2)
        let (kms, administrator, ann) = (self.kms, try self.administrator, fixture.ann.subject)
        let interposed = fixture.interposed { _ = try await kms.deleteSubject(ann, by: administrator) }
        await expectRefused(.rotateRoots) {
            try await interposed.updateSubject(
                fixture.bob.subject, SubjectUpdate(isAdministrator: false), by: administrator)
        }
    }

    @Test func `an approver who is taken away while a policy begins to need them stays, or the policy is refused`()
        async throws
    {
        let (kms, administrator, ann) = (self.kms, try self.administrator, fixture.ann.subject)
        let demoting = fixture.interposed {
            _ = try await kms.setApprovalPolicy(
                for: .rotateRoots, required: 1, approvers: [ann], hours: 1, by: administrator)
        }
        await expectRefused(.rotateRoots) { try await demoting.deleteSubject(ann, by: administrator) }
        let eve = fixture.eve.subject
        let setting = fixture.interposed {
            _ = try await kms.updateSubject(eve, SubjectUpdate(isAdministrator: false), by: administrator)
        }
        let id = try await fixture.request {
            _ = try await kms.setApprovalPolicy(
                for: .retireRoots, required: 1, approvers: [eve], hours: 1, by: administrator)
        }
        _ = try await kms.approve(id, by: fixture.ann)
        await expectRefused(.retireRoots) {
            try await setting.setApprovalPolicy(
                for: .retireRoots, required: 1, approvers: [eve], hours: 1, by: try fixture.asking(id))
        }
        // Nothing was changed, so the approval was not spent.
        #expect(try await kms.approval(id, by: administrator).usedAt == nil)
    }

    @Test func `what cannot be stored with its oversight is not stored`() async throws {
        let policy = ApprovalPolicyRecord(
            operation: .destroy, required: 0, approvers: [], hours: 1, at: Timestamp(milliseconds: 0))
        let error = await refusal {
            try await kms.withAudit(.changeApprovalPolicy, by: try administrator) { (operation) throws(KMSError) in
                try await operation.save([policy])
            }
        }
        #expect(error?.code == .internalFailure)
        #expect(try await kms.approvalPolicies(by: administrator).isEmpty)
    }

    // MARK: The way out

    @Test func `with the token's PIN a policy is lowered or removed without approvals, and the audit log says so`()
        async throws
    {
        try await fixture.require(2)
        let lowered = try await kms.resetApprovalPolicy(for: .rotateRoots, required: 1)
        #expect(lowered.required == 1 && lowered.approvers.count == 3 && lowered.revision == 2)
        let entry = try #require(fixture.service.audit.entries.last)
        #expect(entry.verb == "resetApprovalPolicy" && entry.outcome == .succeeded)
        #expect(entry.authentication == "system" && entry.reason == "has the token's PIN")
        #expect(entry.details["operation"] == "root-rotate" && entry.details["before"] == "2 of ann, bob, eve")
        #expect(entry.changes.map(\.kind) == ["oversight", "approvalPolicy"])
        for required in [1, 2, -1] {
            #expect(
                await refusal { try await kms.resetApprovalPolicy(for: .rotateRoots, required: required) }?.code
                    == .invalidRequest)
        }
        #expect(try await kms.resetApprovalPolicy(for: .rotateRoots).approvers.isEmpty)
        #expect(await refusal { try await kms.resetApprovalPolicy(for: .rotateRoots) }?.code == .invalidRequest)
        #expect(await refusal { try await kms.resetApprovalPolicy(for: .destroy) }?.code == .invalidRequest)
        _ = try await kms.deleteSubject(fixture.ann.subject, by: administrator)
        _ = try await kms.rotateRoots(by: administrator)
    }
}
