import KMSTesting
import KeyManagement
import Testing

/// The information about keys and subjects that a caller without permission gains by trying.
@Suite
struct DirectoryProbeTests {
    let service: Service
    let hidden: KeyRecord

    init() async throws {
        service = try await Service()
        hidden = try await service.key("hidden")
        for name in ["mary", "paul"] {
            try await service.kms.createSubject(try SubjectID(name), by: service.administrator)
            try await service.kms.grantRole(
                .manager, in: Service.shop, to: .subject(SubjectID(name)), by: service.administrator)
        }
        try await service.kms.createGroup(try GroupID("staff"), by: service.administrator)
        _ = try await service.kms.createGrant(
            GrantRequest(
                grantee: .subject(try SubjectID("mary")), retiring: .subject(try SubjectID("paul")), actions: [.encrypt]
            ),
            on: .id(hidden.id), by: service.manager)
        // Only its owner, the manager, has access afterwards.
        _ = try await service.kms.changeAccess(to: .id(hidden.id), .on(.empty), by: service.manager)
    }

    private func caller(_ name: String, _ role: Role?) throws -> Caller {
        let roles = RoleGrants(try role.map { [try Service.shop: $0] } ?? [:])
        return Caller(
            Principal(profile: Profile(subject: try SubjectID(name), kind: .subject(.user), roles: roles)),
            in: try Service.shop)
    }

    private static let parties = ["subject:mary", "subject:nobody", "group:staff", "group:none"]

    /// Returns the answers to one attempt with each of the names, and the number of queries to the store.
    private func answers(
        _ attempt: (AccessStatement.Party, KeyService) async throws -> Void
    ) async throws -> Set<String> {
        var answers: Set<String> = []
        for text in Self.parties {
            let party = try #require(AccessStatement.Party(text: text))
            let error = await refusal { try await attempt(party, service.restarted()) }
            answers.insert("\(error?.code.rawValue ?? "") \(error?.message ?? "")")
        }
        return answers
    }

    @Test(arguments: [true, false])
    func `a grant on a key that is hidden, or that does not exist, tells nobody who there is`(_ exists: Bool)
        async throws
    {
        let key = exists ? hidden.id : KeyID()
        for (name, role) in [("paul", Role.manager), ("eve", .viewer), ("eve", nil)] as [(String, Role?)] {
            let caller = try caller(name, role)
            let told = try await answers { party, kms in
                _ = try await kms.createGrant(
                    GrantRequest(grantee: party, actions: [.encrypt]), on: .id(key), by: caller)
            }
            #expect(told.count == 1, "\(name): \(told)")
        }
    }

    @Test func `who may hand on less than is asked for is not told who there is`() async throws {
        let key = try await service.key("handed")
        try await service.kms.createSubject(try SubjectID("eve"), by: service.administrator)
        _ = try await service.kms.createGrant(
            GrantRequest(grantee: .subject(try SubjectID("eve")), actions: [.createGrant, .decrypt]), on: .id(key.id),
            by: service.manager)
        let eve = try caller("eve", nil)
        let told = try await answers { party, kms in
            _ = try await kms.createGrant(GrantRequest(grantee: party, actions: [.encrypt]), on: .id(key.id), by: eve)
        }
        #expect(told.count == 1 && told.first?.hasPrefix("ACCESS_DENIED") == true, "\(told)")
    }

    @Test func `neither does a list of subjects, or a policy, for such a key`() async throws {
        for (name, role) in [("paul", Role.manager), ("eve", .user), ("eve", nil)] as [(String, Role?)] {
            let caller = try caller(name, role)
            let listing = try await answers { party, kms in
                let list: AccessList =
                    switch party {
                    case .subject(let subject): try AccessList(subjects: [subject], groups: [])
                    case .group(let group): try AccessList(subjects: [], groups: [group])
                    case .everyone: .empty
                    }
                _ = try await kms.changeAccess(to: .id(hidden.id), .on(list), by: caller)
            }
            #expect(listing.count == 1, "\(name): \(listing)")
            let statements = try await answers { party, kms in
                let statement = AccessStatement(effect: .allow, parties: [party], actions: [.putKeyPolicy])
                _ = try await kms.changePolicy(
                    of: .id(hidden.id), to: KeyPolicy(statements: [statement], document: "{}"), allowsLockout: true,
                    by: caller)
            }
            #expect(statements.count == 1, "\(name): \(statements)")
        }
        let eve = try caller("eve", .user)
        let creating = try await answers { party, kms in
            let statement = AccessStatement(effect: .allow, parties: [party], actions: [.putKeyPolicy])
            var request = CreateKeyRequest(name: try KeyName("of-eve"))
            request.policy = try KeyPolicy(statements: [statement], document: "{}")
            _ = try await kms.createKey(request, by: eve)
        }
        #expect(creating.count == 1, "\(creating)")
    }

    @Test func `who may change a policy is told of a name that nobody has`() async throws {
        let statement = AccessStatement(
            effect: .deny, parties: [.subject(try SubjectID("nobody"))], actions: [.decrypt])
        let error = await refusal {
            try await service.kms.changePolicy(
                of: .id(hidden.id), to: KeyPolicy(statements: [statement], document: "{}"), allowsLockout: true,
                by: service.manager)
        }
        #expect(error == .subjectNotFound(try SubjectID("nobody")))
    }

    @Test func `grants of hidden keys are listed for those whom they name, and for nobody else`() async throws {
        let paul = AccessStatement.Party.subject(try SubjectID("paul"))
        let own = try await service.kms.listRetirableGrants(by: paul, for: try caller("paul", .manager))
        #expect(own.map(\.key) == [hidden.id])
        let owner = try await service.kms.listRetirableGrants(by: paul, for: try service.manager)
        #expect(owner.map(\.key) == [hidden.id], "the owner of the key sees its grants")
        let mary = try await service.kms.listRetirableGrants(by: paul, for: try caller("mary", .manager))
        let nobody = try await service.kms.listRetirableGrants(
            by: .subject(try SubjectID("nobody")), for: try caller("mary", .manager))
        #expect(mary.isEmpty && nobody.isEmpty, "to other Managers it is as if there were none")
        _ = try await service.kms.createGrant(
            GrantRequest(grantee: .everyone, retiring: .everyone, actions: [.encrypt]), on: .id(hidden.id),
            by: service.manager)
        let everyone = try await service.kms.listRetirableGrants(by: .everyone, for: try caller("mary", .viewer))
        #expect(everyone.isEmpty, "everyone is nobody in particular")
        for name in ["paul", "nobody"] {
            let error = await refusal {
                try await service.kms.listRetirableGrants(
                    by: .subject(SubjectID(name)), for: try caller("eve", .viewer))
            }
            #expect(error?.code == .accessDenied)
        }
    }
}
