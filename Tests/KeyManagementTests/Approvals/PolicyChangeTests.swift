import KMSTesting
import Testing

@testable import KeyManagement

@Suite
struct PolicyChangeTests {
    /// Verifies which policies guard which change, with several policies in force.
    @Test func `which policies guard which change`() throws {
        let (ann, bob, eve) = (try SubjectID("ann"), try SubjectID("bob"), try SubjectID("eve"))
        func policy(_ operation: GuardedOperation, _ required: Int, _ approvers: Set<SubjectID>) -> ApprovalPolicyRecord
        {
            ApprovalPolicyRecord(
                operation: operation, required: required, approvers: approvers, hours: 1,
                at: Timestamp(milliseconds: 0))
        }
        let rotate = policy(.rotateRoots, 2, [ann, bob])
        let destroy = policy(.destroy, 1, [eve])
        let policies = policy(.changePolicy, 1, [bob])
        let off = policy(.retireRoots, 0, [ann, bob, eve])
        let rows: [(GuardedAct, [ApprovalPolicyRecord], [ApprovalPolicyRecord])] = [
            // The first policy of all needs no approval, even if one was removed before.
            (.policyChange, [], []), (.policyChange, [off], []),
            // Afterwards each policy in force guards each change, with and without a policy for policies.
            (.policyChange, [rotate], [rotate]), (.policyChange, [rotate, off], [rotate]),
            (.policyChange, [rotate, destroy], [destroy, rotate]), (.policyChange, [policies], [policies]),
            (.policyChange, [rotate, policies, destroy, off], [policies, destroy, rotate]),
            (.operation(.changePolicy), [rotate, policies], [policies, rotate]),
            // An operation has its own policy.
            (.operation(.rotateRoots), [rotate, destroy, policies], [rotate]),
            (.operation(.destroy), [rotate, destroy, policies], [destroy]),
            (.operation(.retireRoots), [rotate, destroy, policies, off], []),
            (.operation(.changeOwner), [rotate, destroy, policies], []),
            // A credential has the policies of which its subject is an approver, and the policy for policies.
            (.credential(ann), [rotate, destroy], [rotate]), (.credential(bob), [rotate, destroy], [rotate]),
            (.credential(eve), [rotate, destroy], [destroy]), (.credential(eve), [rotate], []),
            (.credential(ann), [off, destroy], []),
            (.credential(ann), [rotate, destroy, policies], [policies, rotate]),
            (.credential(bob), [rotate, policies], [policies, rotate]),
            (.credential(eve), [rotate, policies], []), (.credential(bob), [destroy, policies], [policies]),
        ]
        for (act, given, guards) in rows {
            #expect(act.guards(among: given) == guards, "\(act) \(given.map(\.key))")
        }
    }

    @Test
    func `one administrator with a puppet lowers no policy: naming the puppet needs the approvals of all policies`()
        async throws
    {
        let fixture = try await ApprovalFixture()
        let kms = fixture.service.kms
        try await fixture.require(2, for: .rotateRoots)
        let administrator = try fixture.asking(nil)
        let puppet = try SubjectID("puppet")
        try await kms.createSubject(puppet, isAdministrator: true, by: administrator)
        for operation in GuardedOperation.allCases {
            func appoint(_ approval: ApprovalID?) async throws {
                _ = try await kms.setApprovalPolicy(
                    for: operation, required: 1, approvers: [puppet], hours: 1, by: try fixture.asking(approval))
            }
            let id = try await fixture.request { try await appoint(nil) }
            await #expect(throws: KMSError.accessDenied(reason: "puppet is not named among those who approve this")) {
                try await kms.approve(id, by: ApprovalFixture.principal(puppet))
            }
            await fixture.expectInvalid("0 of 2") { try await appoint(id) }
            _ = try await kms.approve(id, by: fixture.ann)
            await fixture.expectInvalid("1 of 2") { try await appoint(id) }
        }
        #expect(try await kms.approvalPolicies(by: administrator).map(\.operation) == [.rotateRoots])
    }

    @Test func `where several policies are in force, a change needs enough approvals for each of them`() async throws {
        let fixture = try await ApprovalFixture()
        let kms = fixture.service.kms
        let (ann, bob, eve) = (fixture.ann, fixture.bob, fixture.eve)
        _ = try await kms.setApprovalPolicy(
            for: .rotateRoots, required: 1, approvers: [ann.subject], hours: 5, by: try fixture.asking(nil))
        func setSecond(_ approval: ApprovalID?) async throws {
            _ = try await kms.setApprovalPolicy(
                for: .changePolicy, required: 1, approvers: [bob.subject, eve.subject], hours: 2,
                by: try fixture.asking(approval))
        }
        let second = try await fixture.request { try await setSecond(nil) }
        _ = try await kms.approve(second, by: ann)
        try await setSecond(second)
        // The policy for policies alone is not enough, nor is the policy that is changed.
        func lower(_ approval: ApprovalID?) async throws {
            _ = try await kms.setApprovalPolicy(
                for: .rotateRoots, required: 0, approvers: [], hours: 1, by: try fixture.asking(approval))
        }
        let id = try await fixture.request { try await lower(nil) }
        _ = try await kms.approve(id, by: bob)
        _ = try await kms.approve(id, by: eve)
        await fixture.expectInvalid("0 of 1 approvals by those who may approve it now, for policy 'root-rotate'") {
            try await lower(id)
        }
        _ = try await kms.approve(id, by: ann)
        try await lower(id)
        let demand = await refusal { try await lower(nil) }
        #expect(demand?.message.contains("1 of bob, eve") == true, "\(demand?.message ?? "")")
    }

    @Test func `required, approvers and hours are each a change, and so is setting what is set already`() async throws {
        let fixture = try await ApprovalFixture()
        try await fixture.require(2, for: .rotateRoots)
        let names = Set(fixture.people.map(\.subject))
        let fewer = Set(fixture.people.prefix(2).map(\.subject))
        for (required, approvers, hours) in [
            (2, names, 24), (1, names, 24), (3, names, 24), (2, fewer, 24), (2, names, 1),
        ] {
            _ = try await fixture.request {
                _ = try await fixture.service.kms.setApprovalPolicy(
                    for: .rotateRoots, required: required, approvers: approvers, hours: hours,
                    by: try fixture.asking(nil))
            }
        }
    }

    @Test func `an approval of a change counts for the policy as it was then`() async throws {
        let fixture = try await ApprovalFixture()
        try await fixture.require(1)
        func lower(_ approval: ApprovalID?) async throws {
            _ = try await fixture.service.kms.setApprovalPolicy(
                for: .rotateRoots, required: 0, approvers: [], hours: 1, by: try fixture.asking(approval))
        }
        let id = try await fixture.request { try await lower(nil) }
        _ = try await fixture.service.kms.approve(id, by: fixture.ann)
        try await fixture.require(1, hours: 3, approvedBy: fixture.bob)
        await fixture.expectInvalid("is for another request") { try await lower(id) }
    }

    @Test func `of two first policies at the same time the second needs the approvals of the first`() async throws {
        let fixture = try await ApprovalFixture()
        let kms = fixture.interposed { try await fixture.require(2, for: .rotateRoots) }
        let error = await refusal {
            try await kms.setApprovalPolicy(
                for: .destroy, required: 1, approvers: [fixture.eve.subject], hours: 1, by: try fixture.asking(nil))
        }
        #expect(error?.code == .approvalRequired)
        let policies = try await fixture.service.kms.approvalPolicies(by: try fixture.asking(nil))
        #expect(policies.map(\.operation) == [.rotateRoots])
    }

    @Test func `a policy that nobody could fulfil is refused: its approvers have to be able to approve`() async throws {
        let fixture = try await ApprovalFixture()
        let kms = fixture.service.kms
        let (user, manager) = (try SubjectID("user"), try SubjectID("manager"))
        func set(_ operation: GuardedOperation, _ approvers: Set<SubjectID>) async throws {
            _ = try await kms.setApprovalPolicy(
                for: operation, required: approvers.count, approvers: approvers, hours: 1, by: try fixture.asking(nil))
        }
        for (operation, approvers) in [
            (.rotateRoots, [manager]), (.destroy, [user]), (.changePolicy, [fixture.ann.subject, manager]),
            (.changeOwner, [manager, user]),
        ] as [(GuardedOperation, Set<SubjectID>)] {
            let error = await refusal { try await set(operation, approvers) }
            #expect(error?.code == .stateForbids && error?.message.contains("'\(operation.rawValue)'") == true)
        }
        // A Manager approves operations on keys.
        try await set(.destroy, [manager])
    }
}
