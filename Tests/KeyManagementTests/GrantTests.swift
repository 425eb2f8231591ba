import KMSTesting
import KeyManagement
import SecretMemory
import Testing

@Suite
struct GrantTests {
    let service: Service
    let key: KeyRecord
    let other: KeyRecord
    let context: EncryptionContext
    let ciphertext: Ciphertext

    init() async throws {
        service = try await Service()
        for name in ["stranger", "friend"] {
            try await service.kms.createSubject(try SubjectID(name), by: service.administrator)
        }
        key = try await service.key("granted")
        other = try await service.key("other")
        context = try EncryptionContext(["order": "17", "region": "north"])
        ciphertext = try await service.encrypt("secret", under: key, context: context)
    }

    /// A caller without any role.
    private var stranger: Caller {
        get throws {
            Caller(
                Principal(profile: Profile(subject: try SubjectID("stranger"), kind: .subject(.user))),
                in: try Service.shop)
        }
    }

    private func request(
        _ actions: Set<KeyAction>, constraint: GrantConstraint? = nil, name: String = "", retiring: String? = nil
    ) throws -> GrantRequest {
        GrantRequest(
            name: name, grantee: .subject(try SubjectID("stranger")),
            retiring: try retiring.map { .subject(try SubjectID($0)) }, actions: actions, constraint: constraint)
    }

    @discardableResult
    private func grant(_ request: GrantRequest, by caller: Caller? = nil) async throws -> Grant {
        try await service.kms.createGrant(request, on: .id(key.id), by: try caller ?? service.manager).grant
    }

    private func decrypts(by caller: Caller, _ context: EncryptionContext? = nil) async -> KMSError? {
        await failure { try await service.kms.decrypt(ciphertext, context: context ?? self.context, by: caller) }
    }

    @Test func `without one, who has no role is told the same of a key that exists and of one that does not`()
        async throws
    {
        let real = await decrypts(by: try stranger)
        #expect(real?.code == .accessDenied)
        for reference in [KeyReference.id(key.id), .id(KeyID()), .name(try KeyName("nothing"))] {
            let error = await refusal { try await service.kms.issueDataKey(under: reference, by: try stranger) }
            #expect(error?.code == .accessDenied && error?.message == real?.message)
        }
        let nobodys = Ciphertext(
            version: VersionID(key: KeyID(), number: .first),
            box: SealedBox(nonce: Array(repeating: 0, count: 12), ciphertextAndTag: Array(repeating: 0, count: 16)))
        #expect(await refusal { try await service.kms.decrypt(nobodys, by: try stranger) } == real)
        #expect(await refusal { try await service.kms.decrypt(nil, by: try stranger) } == real)
        // All other errors come after that one.
        let empty = await refusal {
            try await service.kms.encrypt(SecretBytes(copying: []), under: .id(key.id), by: try stranger)
        }
        #expect(empty?.code == .accessDenied)
    }

    @Test func `to everyone is to those who have a role in the project; nobody gets one before he is known`()
        async throws
    {
        try await grant(GrantRequest(grantee: .everyone, actions: [.decrypt]))
        #expect(await decrypts(by: try stranger)?.code == .accessDenied)
        #expect(await decrypts(by: try service.administratorInShop)?.code == .accessDenied)
        let viewer = Caller(
            Principal(
                profile: Profile(
                    subject: try SubjectID("viewer"), kind: .subject(.user),
                    roles: RoleGrants([try Service.shop: .viewer]))), in: try Service.shop)
        #expect(await decrypts(by: viewer) == nil)
        for unknown in [AccessStatement.Party.subject(try SubjectID("nobody")), .group(try GroupID("none"))] {
            let asGrantee = GrantRequest(grantee: unknown, actions: [.decrypt])
            let error = await failure { try await grant(asGrantee) }
            #expect([.subjectNotFound, .groupNotFound].contains(error?.code))
        }
    }

    @Test func `a principal outside the directory gets one if the rules allow it; a deleted one never does`()
        async throws
    {
        let lenient = KeyService(
            token: service.token, store: service.store, audit: service.audit, clock: service.clock,
            rules: KeyRules(allowsUnlistedPrincipals: true), recordLease: .zero, logger: Service.logger)
        let manager = try service.manager
        let foreign = GrantRequest(grantee: .subject(try SubjectID("oidc:alice")), actions: [.decrypt])
        _ = try await lenient.createGrant(foreign, on: .id(key.id), by: manager)
        #expect(await failure { try await grant(foreign) }?.code == .subjectNotFound)
        _ = try await service.kms.deleteSubject(try SubjectID("friend"), by: service.administrator)
        let deleted = GrantRequest(grantee: .subject(try SubjectID("friend")), actions: [.decrypt])
        let error = await refusal { try await lenient.createGrant(deleted, on: .id(key.id), by: manager) }
        #expect(error?.code == .subjectNotFound)
    }

    @Test func `an access list has a principal outside the directory only if the rules allow it`() async throws {
        let lenient = KeyService(
            token: service.token, store: service.store, audit: service.audit, clock: service.clock,
            rules: KeyRules(allowsUnlistedPrincipals: true), recordLease: .zero, logger: Service.logger)
        let manager = try service.manager
        let list = try AccessList(subjects: [try SubjectID("oidc:alice")], groups: [])
        let error = await refusal {
            _ = try await service.kms.changeAccess(to: .id(key.id), .on(list), by: manager)
        }
        #expect(error?.code == .subjectNotFound)
        _ = try await lenient.changeAccess(to: .id(key.id), .on(list), by: manager)
    }

    @Test func `gives what it names, on its key, and no more`() async throws {
        try await grant(request([.decrypt]))
        #expect(await decrypts(by: try stranger) == nil)
        let encrypting = await refusal {
            try await service.kms.encrypt(SecretBytes(copying: [1]), under: .id(key.id), by: try stranger)
        }
        #expect(encrypting?.code == .accessDenied)
        let elsewhere = try await service.encrypt("x", under: other)
        #expect(await refusal { try await service.kms.decrypt(elsewhere, by: try stranger) }?.code == .accessDenied)
        #expect(await refusal { try await service.kms.describeKey(.id(key.id), by: try stranger) } != nil)
        // A data key with its plaintext is a greater permission than one without.
        try await grant(request([.generateDataKeyWithoutPlaintext]))
        _ = try await service.kms.issueDataKey(under: .id(key.id), includesPlaintext: false, by: try stranger)
        #expect(await refusal { try await service.kms.issueDataKey(under: .id(key.id), by: try stranger) } != nil)
    }

    @Test func `a context that it asks for has to be there, in whole or in part`() async throws {
        try await grant(request([.decrypt], constraint: .equals(context)))
        #expect(await decrypts(by: try stranger) == nil)
        let part = try EncryptionContext(["order": "17"])
        #expect(await decrypts(by: try stranger, part)?.code == .accessDenied)
        let several = await refusal {
            try await service.kms.decrypt(
                batch: [DecryptItem(ciphertext: ciphertext, context: context)], by: try stranger)
        }
        #expect(several?.code == .accessDenied, "a batch has no one context")
        let free = try await service.kms.createGrant(
            request([.encrypt], constraint: .includes(part)), on: .id(key.id), by: service.manager)
        for (wanted, isAllowed) in [(context, true), (part, true), (EncryptionContext.empty, false)] {
            let error = await failure {
                try await service.kms.encrypt(
                    SecretBytes(copying: [1]), under: .id(key.id), context: wanted, by: try stranger)
            }
            #expect((error == nil) == isAllowed, "\(wanted.sorted)")
        }
        #expect(free.grant.constraint == .includes(part))
    }

    @Test func `ends when it is revoked or retired, by those who may`() async throws {
        let first = try await grant(request([.decrypt], name: "a"))
        #expect(await refusal { try await service.kms.retireGrant(first.id, of: key.id, by: try stranger) } != nil)
        let user = try service.caller(.user)
        #expect(await refusal { try await service.kms.revokeGrant(first.id, of: .id(key.id), by: user) } != nil)
        try await service.kms.revokeGrant(first.id, of: .id(key.id), by: service.manager)
        #expect(await decrypts(by: try stranger)?.code == .accessDenied)
        let again = await refusal { try await service.kms.revokeGrant(first.id, of: .id(key.id), by: service.manager) }
        #expect(again == .grantNotFound(first.id))
        // The grantee, if the grant permits it, and the retiring principal that it names.
        let second = try await grant(request([.decrypt, .retireGrant]))
        try await service.kms.retireGrant(second.id, of: key.id, by: try stranger)
        let third = try await grant(request([.decrypt], retiring: "viewer"))
        try await service.kms.retireGrant(third.id, of: key.id, by: service.caller(.viewer))
        #expect(try await service.kms.listGrants(of: .id(key.id), by: service.manager).grants.isEmpty)
    }

    @Test func `the same under the same name is the same, and a dry run makes none`() async throws {
        let first = try await grant(request([.decrypt], name: "nightly"))
        #expect(try await grant(request([.decrypt], name: "nightly")).id == first.id)
        #expect(try await grant(request([.decrypt, .describeKey], name: "nightly")).id != first.id)
        #expect(try await grant(request([.decrypt])).id != (try await grant(request([.decrypt])).id))
        let before = try await service.kms.listGrants(of: .id(key.id), by: service.manager).grants
        let manager = try service.manager
        try await grant(request([.encrypt]), by: Caller(manager.principal, in: manager.project, isDryRun: true))
        #expect(try await service.kms.listGrants(of: .id(key.id), by: service.manager).grants == before)
    }

    @Test func `who was given createGrant hands on no more than he has`() async throws {
        try await grant(request([.createGrant, .decrypt], constraint: .equals(context)))
        let more = await refusal { try await grant(request([.encrypt]), by: try stranger) }
        #expect(more?.code == .accessDenied)
        let looser = await refusal { try await grant(request([.decrypt]), by: try stranger) }
        #expect(looser?.code == .accessDenied)
        let same = GrantRequest(
            grantee: .subject(try SubjectID("friend")), actions: [.decrypt], constraint: .equals(context))
        try await grant(same, by: try stranger)
    }

    @Test func `what a key cannot do, or a grant cannot give, is refused`() async throws {
        for actions: Set<KeyAction> in [[], [.sign], [.putKeyPolicy], [.scheduleKeyDeletion]] {
            let error = await refusal { try await grant(request(actions)) }
            #expect(error?.code == .invalidRequest)
        }
        let signing = try await service.key("signing", .ecP256)
        let error = await refusal {
            try await service.kms.createGrant(
                request([.sign], constraint: .equals(context)), on: .id(signing.id), by: service.manager)
        }
        #expect(error?.code == .invalidRequest)
    }

    @Test func `grants of one key are sealed together: who writes into the database gives nobody anything`()
        async throws
    {
        try await grant(request([.describeKey]))
        try service.sql(
            """
            UPDATE directory SET content = CAST(replace(CAST(content AS TEXT), 'describeKey', 'generateMac') AS BLOB)
                WHERE kind = 'grants'
            """)
        let error = await refusal {
            try await service.restarted().decrypt(ciphertext, context: context, by: try stranger)
        }
        #expect(error?.code == .accessDenied || error?.code == .recordTampered)
        let listing = await refusal { try await service.restarted().listGrants(of: .id(key.id), by: service.manager) }
        #expect(listing?.code == .recordTampered)
    }

    @Test func `an explanation knows of grants, and the audit log says by which one`() async throws {
        let made = try await grant(request([.decrypt]))
        _ = await decrypts(by: try stranger)
        let entry = try #require(service.audit.entries.last)
        #expect(entry.reason == "grant \(made.id)" && entry.outcome == .succeeded)
    }
}

@Suite
struct KeyPolicyTests {
    let service: Service
    let key: KeyRecord

    init() async throws {
        service = try await Service()
        key = try await service.key("ruled")
    }

    private func put(_ statements: [AccessStatement], lockout: Bool = false) async throws {
        _ = try await service.kms.changePolicy(
            of: .id(key.id), to: KeyPolicy(statements: statements, document: "{}"), allowsLockout: lockout,
            by: service.manager)
    }

    private func all(_ party: AccessStatement.Party) -> AccessStatement {
        AccessStatement(effect: .allow, parties: [party], actions: Set(KeyAction.allCases))
    }

    private func encrypts(_ role: Role) async throws -> KMSError? {
        await failure {
            try await service.kms.encrypt(SecretBytes(copying: [1]), under: .id(key.id), by: service.caller(role))
        }
    }

    @Test func `allow to whom they name what they name, as far as the role goes`() async throws {
        let manager = AccessStatement.Party.subject(try SubjectID("manager"))
        let user = AccessStatement.Party.subject(try SubjectID("user"))
        let viewer = AccessStatement.Party.subject(try SubjectID("viewer"))
        try await put([
            all(manager), AccessStatement(effect: .allow, parties: [user, viewer], actions: [.decrypt, .encrypt]),
        ])
        #expect(try await encrypts(.user) == nil)
        #expect(try await encrypts(.viewer)?.code == .accessDenied, "a policy gives no more than the role")
        let issuing = await refusal {
            try await service.kms.issueDataKey(under: .id(key.id), by: service.caller(.user))
        }
        #expect(issuing?.code == .accessDenied)
        let describing = await refusal { try await service.kms.describeKey(.id(key.id), by: service.caller(.user)) }
        #expect(describing?.code == .accessDenied)
        // It is in the store, and sealed.
        #expect(try await service.restarted().describeKey(.id(key.id), by: service.manager).access.policy != nil)
    }

    @Test func `a denial counts more than permissions and grants`() async throws {
        let user = AccessStatement.Party.subject(try SubjectID("user"))
        try await put([all(.everyone), AccessStatement(effect: .deny, parties: [user], actions: [.encrypt])])
        #expect(try await encrypts(.user)?.code == .accessDenied)
        #expect(try await encrypts(.manager) == nil)
        _ = try await service.kms.createGrant(
            GrantRequest(grantee: user, actions: [.encrypt]), on: .id(key.id), by: service.manager)
        #expect(try await encrypts(.user)?.code == .accessDenied)
    }

    @Test func `nobody shuts himself out by mistake, and the owner can always put it right`() async throws {
        let user = AccessStatement.Party.subject(try SubjectID("user"))
        let error = await refusal { try await put([all(user)]) }
        #expect(error?.code == .stateForbids)
        try await put([all(user)], lockout: true)
        #expect(try await encrypts(.manager)?.code == .accessDenied)
        _ = try await service.kms.changePolicy(of: .id(key.id), to: nil, by: service.manager)
        #expect(try await encrypts(.manager) == nil)
    }

    @Test func `statements have one text each`() throws {
        let statement = AccessStatement(
            effect: .deny, parties: [.everyone, .group(try GroupID("g")), .subject(try SubjectID("a@b"))],
            actions: [.encrypt, .sign])
        #expect(AccessStatement(text: statement.text) == statement)
        for text in [
            "", "allow", "allow 1", "allow 0 what", "allow 1 nobody encrypt", statement.text + " ", "deny 0  ",
        ] {
            #expect(AccessStatement(text: text) == nil, "\(text)")
        }
    }
}

/// Returns the error of a call; `nil` if it succeeded.
private func failure<Value>(of body: () async throws -> Value) async -> KMSError? {
    do {
        _ = try await body()
    } catch let error as KMSError {
        return error
    } catch {
        Issue.record(error)
    }
    return nil
}
