import KMSTesting
import KeyManagement
import Testing

/// A service with three administrators in addition to the first, who approve requests of others.
struct ApprovalFixture {
    let service: Service
    /// Ann, Bob and Eve.
    let people: [Principal]

    init() async throws {
        service = try await Service()
        var people: [Principal] = []
        for name in ["ann", "bob", "eve"] {
            let id = try SubjectID(name)
            try await service.kms.createSubject(id, isAdministrator: true, by: service.administrator)
            people.append(Self.principal(id))
        }
        self.people = people
        try await service.kms.adoptRoots()
    }

    var ann: Principal { people[0] }
    var bob: Principal { people[1] }
    var eve: Principal { people[2] }
    var epoch: UInt32 { service.token.identity.epoch.number }

    static func principal(
        _ id: SubjectID, _ approval: ApprovalID? = nil, isAdministrator: Bool = true
    ) -> Principal {
        Principal(
            profile: Profile(subject: id, kind: .subject(.user), isAdministrator: isAdministrator), approval: approval)
    }

    /// Returns the first administrator, with an approval.
    func asking(_ approval: ApprovalID?) throws -> Principal {
        Self.principal(try SubjectID("admin"), approval)
    }

    /// Returns the Manager of the project, with an approval.
    func managing(_ approval: ApprovalID?) throws -> Caller {
        let manager = try service.manager
        return Caller(
            Principal(profile: manager.principal.profile, approval: approval), in: manager.project)
    }

    /// Sets a policy that has all three as approvers. If policies are in force, the change itself needs approval.
    func require(
        _ count: Int = 2, for operation: GuardedOperation = .rotateRoots, hours: Int = 24,
        approvedBy approvers: Principal...
    ) async throws {
        func set(_ approval: ApprovalID?) async throws {
            _ = try await service.kms.setApprovalPolicy(
                for: operation, required: count, approvers: Set(people.map(\.subject)), hours: hours,
                by: try asking(approval))
        }
        guard !approvers.isEmpty else { return try await set(nil) }
        let id = try await request { try await set(nil) }
        for approver in approvers { _ = try await service.kms.approve(id, by: approver) }
        try await set(id)
    }

    /// Requests an operation, and returns the id under which its approval was requested.
    func request(_ body: () async throws -> Void) async throws -> ApprovalID {
        do {
            try await body()
        } catch let error as KMSError {
            if case .approvalRequired(let id, _) = error { return id }
            throw error
        }
        throw KMSError.internalFailure("it was done without approval")
    }

    func expectInvalid(
        _ text: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
    ) async {
        do {
            try await body()
            Issue.record("it was done", sourceLocation: sourceLocation)
        } catch KMSError.approvalInvalid(let what) {
            #expect(what.contains(text), "\(what)", sourceLocation: sourceLocation)
        } catch {
            Issue.record("\(error)", sourceLocation: sourceLocation)
        }
    }

    /// Returns a service on the same store that runs `act` between two calls of an operation.
    func interposed(_ act: @escaping @Sendable () async throws -> Void) -> KeyService {
        service.restarted(store: InterposingStore(service.store, beforeSaving: act))
    }
}
