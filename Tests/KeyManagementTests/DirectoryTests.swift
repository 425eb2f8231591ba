import KMSTesting
import KeyManagement
import SecretMemory
import StoreSQLite
import Testing

@Suite
struct DirectoryTests {
    let service: Service
    let alice: SubjectID
    let finance: GroupID

    init() async throws {
        service = try await Service()
        alice = try SubjectID("alice@example.com")
        finance = try GroupID("finance")
        try await service.kms.createSubject(alice, by: service.administrator)
        try await service.kms.createGroup(finance, by: service.administrator)
        try await service.kms.createProject(Service.bank, by: service.administrator)
    }

    private func roles() async throws -> [ProjectID: Role] {
        let issued = try await service.kms.issueCredential(for: alice, by: service.administrator)
        return try await service.kms.authenticate(AuthenticationRequest(bearer: issued.token.text)).principal.roles
            .byProject
    }

    @Test func `a subject has its own roles and those of its groups, the higher one of both`() async throws {
        let (shop, bank) = (try Service.shop, try Service.bank)
        try await service.kms.grantRole(.viewer, in: shop, to: .subject(alice), by: service.administrator)
        try await service.kms.grantRole(.user, in: shop, to: .group(finance), by: service.administrator)
        try await service.kms.grantRole(.manager, in: bank, to: .group(finance), by: service.administrator)
        #expect(try await roles() == [shop: .viewer])
        try await service.kms.addMember(alice, to: finance, by: service.administrator)
        #expect(try await roles() == [shop: .user, bank: .manager])
        try await service.kms.grantRole(.manager, in: shop, to: .subject(alice), by: service.administrator)
        #expect(try await roles() == [shop: .manager, bank: .manager])
        _ = try await service.kms.deleteGroup(finance, by: service.administrator)
        #expect(try await roles() == [shop: .manager])
        try await service.kms.revokeRole(in: shop, from: .subject(alice), by: service.administrator)
        #expect(try await roles() == [:])
    }

    @Test func `a deleted project gives no role any more, and its name is not given again`() async throws {
        try await service.kms.grantRole(.manager, in: Service.bank, to: .subject(alice), by: service.administrator)
        #expect(try await roles() == [Service.bank: .manager])
        _ = try await service.kms.deleteProject(Service.bank, by: service.administrator)
        #expect(try await roles() == [:])
        let again = await refusal { try await service.kms.createProject(Service.bank, by: service.administrator) }
        #expect(again == .nameTaken("bank"))
        let role = await refusal {
            try await service.kms.grantRole(.user, in: Service.bank, to: .subject(alice), by: service.administrator)
        }
        #expect(role == .projectNotFound(try Service.bank))
    }

    @Test func `the project is the one that is named, that of the credential, or the only one`() async throws {
        let (shop, bank) = (try Service.shop, try Service.bank)
        func choice(_ named: String?, scope: ProjectID? = nil) async throws -> ProjectID? {
            let issued = try await service.kms.issueCredential(
                for: alice, CredentialRequest(project: scope), by: service.administrator)
            return try await service.kms.authenticate(
                AuthenticationRequest(bearer: issued.token.text, project: named)
            ).project
        }
        #expect(try await choice(nil) == nil)
        try await service.kms.grantRole(.user, in: shop, to: .subject(alice), by: service.administrator)
        #expect(try await choice(nil) == shop)
        try await service.kms.grantRole(.user, in: bank, to: .subject(alice), by: service.administrator)
        #expect(try await choice(nil) == nil)
        #expect(try await choice("bank") == bank)
        #expect(try await choice(nil, scope: shop) == shop)
        #expect(await refusal { try await choice("bank", scope: shop) }?.code == .accessDenied)
    }

    @Test func `lists have what there is by name, page by page, without what was deleted`() async throws {
        for name in ["zoe", "bob", "carl"] {
            try await service.kms.createSubject(try SubjectID(name), by: service.administrator)
        }
        _ = try await service.kms.deleteSubject(try SubjectID("carl"), by: service.administrator)
        var names: [String] = []
        var cursor: ListCursor?
        repeat {
            let page = try await service.kms.listSubjects(after: cursor, limit: PageLimit(2), by: service.administrator)
            names += page.items.map(\.id.text)
            cursor = page.next
        } while cursor != nil
        #expect(names == ["admin", "alice@example.com", "bob", "manager", "user", "viewer", "zoe"])
        try await service.kms.addMember(alice, to: finance, by: service.administrator)
        let members = try await service.kms.listMembers(of: finance, limit: PageLimit(100), by: service.administrator)
        #expect(members.items.map(\.id) == [alice])
        try await service.kms.grantRole(.user, in: Service.bank, to: .group(finance), by: service.administrator)
        try await service.kms.grantRole(.viewer, in: Service.bank, to: .subject(alice), by: service.administrator)
        let roles = try await service.kms.listRoles(in: Service.bank, by: service.administrator)
        #expect(
            roles == [
                RoleAssignment(holder: .group(finance), role: .user),
                RoleAssignment(holder: .subject(alice), role: .viewer),
            ])
    }

    @Test func `a credential is good in its time and its networks, and its last use is known`() async throws {
        let request = CredentialRequest(days: 2, networks: [try Network("192.0.2.0/24"), try Network("2001:db8::/32")])
        let issued = try await service.kms.issueCredential(for: alice, request, by: service.administrator)
        for source in ["192.0.2.1", "2001:db8::1", "::ffff:192.0.2.255"] {
            _ = try await service.kms.authenticate(AuthenticationRequest(bearer: issued.token.text, source: source))
        }
        for source in ["192.0.3.1", "2001:db9::1", nil, "nonsense"] {
            let shown = AuthenticationRequest(bearer: issued.token.text, source: source)
            #expect(
                await refusal { try await service.kms.authenticate(shown) } == .unauthenticated, "\(source ?? "nil")")
        }
        let used = service.clock.now
        service.clock.advance(by: .seconds(3600))
        let listed = try await service.kms.listCredentials(of: alice, by: service.administrator).items
        #expect(listed.map(\.record.id) == [issued.record.id] && listed[0].lastUsedAt == used)
        service.clock.advance(by: .seconds(2 * 86_400))
        let late = AuthenticationRequest(bearer: issued.token.text, source: "192.0.2.1")
        #expect(await refusal { try await service.kms.authenticate(late) } == .unauthenticated)
    }

    @Test func `a revoked credential is worth nothing, also for a process that knew it`() async throws {
        let other = service.restarted()
        let issued = try await service.kms.issueCredential(for: alice, by: service.administrator)
        let shown = AuthenticationRequest(bearer: issued.token.text)
        _ = try await other.authenticate(shown)
        _ = try await service.kms.revokeCredential(issued.record.id, by: service.administrator)
        for kms in [service.kms, other, service.restarted()] {
            #expect(await refusal { try await kms.authenticate(shown) } == .unauthenticated)
        }
        let unknown = try #require(CredentialID("0123456789abcdef"))
        #expect(
            await refusal { try await service.kms.revokeCredential(unknown, by: service.administrator) }
                == .credentialNotFound(unknown))
    }

    @Test func `whoever has the token's PIN gets an administrator back, also one who was disabled`() async throws {
        let issued = try await service.kms.recoverAdministrator(try SubjectID("emergency"))
        let found = try await service.kms.authenticate(AuthenticationRequest(bearer: issued.token.text))
        #expect(found.principal.isAdministrator && found.project == nil)
        try await service.kms.updateSubject(
            try SubjectID("admin"), SubjectUpdate(isEnabled: false), by: found.principal)
        #expect(
            await refusal {
                try await service.kms.authenticate(AuthenticationRequest(bearer: service.administratorBearer.text))
            }
                != nil)
        _ = try await service.kms.recoverAdministrator(try SubjectID("admin"))
        _ = try await service.kms.authenticate(AuthenticationRequest(bearer: service.administratorBearer.text))
        #expect(service.audit.entries.contains { $0.verb == "recoverAdministrator" && $0.reason.contains("PIN") })
    }

    @Test func `two who change one subject at once both have their way`() async throws {
        let groups = try (0..<8).map { try GroupID("g\($0)") }
        for group in groups { try await service.kms.createGroup(group, by: service.administrator) }
        let administrator = try service.administrator
        let other = service.restarted()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for (place, group) in groups.enumerated() {
                let kms = place % 2 == 0 ? service.kms : other
                tasks.addTask { try await kms.addMember(alice, to: group, by: administrator) }
            }
            try await tasks.waitForAll()
        }
        #expect(try await service.kms.subject(alice, by: administrator).groups == Set(groups))
    }

    @Test func `access is explained as it is decided`() async throws {
        let key = try await service.key()
        try await service.kms.grantRole(.user, in: Service.shop, to: .subject(alice), by: service.administrator)
        func explain(_ verb: Verb) async throws -> AccessExplanation {
            try await service.kms.explainAccess(
                of: alice, to: .id(key.id), verb, in: Service.shop, by: service.administrator)
        }
        #expect(try await explain(.decrypt).isAllowed)
        #expect(try await explain(.rotateKey).decision.reason.contains("requires the role manager"))
        try await service.kms.addMember(alice, to: finance, by: service.administrator)
        _ = try await service.kms.changeAccess(
            to: .id(key.id), .on(AccessList(subjects: [], groups: [finance])), by: service.manager)
        #expect(try await explain(.decrypt).decision.reason.contains("by group finance"))
        try await service.kms.removeMember(alice, from: finance, by: service.administrator)
        guard case .hidden = try await explain(.decrypt).decision else { return #expect(Bool(false), "not hidden") }
    }

    @Test func `access control turned off empties the list; turned on, it may lock its changer out`() async throws {
        let key = try await service.key()
        var changer = try service.manager
        _ = try await service.kms.changeOwner(
            of: .id(key.id), to: SubjectID("user"), by: service.administratorInShop)
        let outcome = try await service.kms.changeAccess(
            to: .id(key.id), .on(AccessList(subjects: [changer.subject], groups: [])), by: changer)
        guard case .changed(let listed) = outcome else { return #expect(Bool(false)) }
        #expect(!KeyService.isLockedOut(of: listed.key, changer))
        _ = try await service.kms.changeAccess(to: .id(key.id), .off, by: changer)
        let plain = try await service.kms.describeKey(.id(key.id), by: changer)
        #expect(plain.access == .byRole && plain.owner?.text == "user")
        guard
            case .planned(let planned, _) = try await service.kms.changeAccess(
                to: .id(key.id), .on(.empty), options: ChangeOptions(isDryRun: true), by: changer)
        else { return #expect(Bool(false)) }
        #expect(KeyService.isLockedOut(of: planned.key, changer))
        changer = try service.caller(.user)
        #expect(!KeyService.isLockedOut(of: planned.key, changer), "the owner is never locked out")
    }

    @Test func `a service's agents share one key for each project, and the system rotates it`() async throws {
        let backup = SubjectKind.serviceAgent(try ServiceName("backup"))
        var agents: [Caller] = []
        for name in ["agent-1", "agent-2"] {
            let id = try SubjectID(name)
            try await service.kms.createSubject(id, backup, by: service.administrator)
            try await service.kms.grantRole(.user, in: Service.shop, to: .subject(id), by: service.administrator)
            let issued = try await service.kms.issueCredential(for: id, by: service.administrator)
            agents.append(try await service.kms.authenticate(bearer: issued.token.text, requestID: ""))
        }
        let callers = agents
        let keys = try await withThrowingTaskGroup(of: (KeyRecord, Bool).self) { tasks in
            for turn in 0..<6 { tasks.addTask { try await service.kms.obtainServiceKey(by: callers[turn % 2]) } }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(keys.map(\.0.id)).count == 1 && keys.count { $0.1 } == 1)
        let key = keys[0].0
        #expect(key.kind == .service(try ServiceName("backup")) && key.rotation?.period == .standard)
        let ciphertext = try await service.kms.encrypt(SecretBytes(copying: [1]), under: .id(key.id), by: agents[0])
        _ = try await service.kms.decrypt(ciphertext, by: agents[1])
        service.clock.advance(by: .seconds(366 * 86_400))
        #expect(await service.kms.runDueTasks().rotated == [key.id])
        #expect(try await service.kms.describeKey(.id(key.id), by: service.caller(.viewer)).versions.count == 2)
    }

    @Test func `a credential for one project gives nothing elsewhere, and no administration`() async throws {
        let admin = try SubjectID("admin")
        try await service.kms.grantRole(.manager, in: Service.bank, to: .subject(admin), by: service.administrator)
        try await service.kms.grantRole(.viewer, in: Service.shop, to: .subject(admin), by: service.administrator)
        let issued = try await service.kms.issueCredential(
            for: admin, CredentialRequest(project: Service.shop), by: service.administrator)
        let found = try await service.kms.authenticate(AuthenticationRequest(bearer: issued.token.text))
        #expect(found.principal.roles.byProject == [try Service.shop: .viewer] && !found.principal.isAdministrator)
        let more = await refusal { try await service.kms.issueCredential(for: admin, by: found.principal) }
        #expect(more?.code == .accessDenied)
        #expect(
            await refusal { try await service.kms.listRoles(in: Service.bank, by: found.principal) }?.code
                == .accessDenied)
    }
}
