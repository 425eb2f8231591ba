import KMSTesting
import Testing

@testable import KeyManagement

/// Every verb with the effect of a guarded operation needs its approvals.
@Suite
struct GuardedEffectTests {
    let fixture: ApprovalFixture
    let kms: KeyService
    let imported: KeyRecord
    let generated: KeyRecord

    init() async throws {
        fixture = try await ApprovalFixture()
        let service = fixture.service
        kms = KeyService(
            token: SpyToken(service.token, imports: true), store: service.store, audit: service.audit,
            clock: service.clock, rules: KeyRules(minDestructionDays: 0), recordLease: .zero, logger: Service.logger)
        imported = try await kms.make(
            CreateKeyRequest(name: try KeyName("partner"), origin: .imported), by: service.manager)
        generated = try await service.key("own", versions: 3)
    }

    private func bring(
        _ fill: UInt8, version: UInt32? = nil, expiresAt expiry: Timestamp? = nil, activating: Bool = false,
        _ approval: ApprovalID? = nil
    ) async throws {
        let job = try await kms.createImportJob(by: fixture.managing(nil))
        _ = try await kms.importMaterial(
            [UInt8](repeating: fill, count: 16), under: job.id, into: .id(imported.id),
            version: version.flatMap { VersionNumber($0) }, expiresAt: expiry, activating: activating,
            by: try fixture.managing(approval))
    }

    private var expiry: Timestamp { fixture.service.clock.now.adding(.seconds(60)) }

    private typealias Act = (name: String, body: (ApprovalID?) async throws -> Void)

    /// Returns all acts with a guarded effect, grouped by verb.
    private func acts() throws -> [(verb: Verb, operation: GuardedOperation, acts: [Act])] {
        let (kms, fixture, imported, generated, expiry) = (
            self.kms, self.fixture, self.imported, self.generated, self.expiry
        )
        let user = try SubjectID("user")
        return [
            (
                .destroy, .destroy,
                [
                    (
                        "a version",
                        {
                            _ = try await kms.scheduleDestruction(
                                of: .first, of: .id(generated.id), by: try fixture.managing($0))
                        }
                    ),
                    (
                        "imported material",
                        {
                            _ = try await kms.deleteImportedMaterial(of: .id(imported.id), by: try fixture.managing($0))
                        }
                    ),
                    (
                        "a key",
                        { _ = try await kms.scheduleDeletion(of: .id(generated.id), by: try fixture.managing($0)) }
                    ),
                ]
            ),
            (
                .importKey, .destroy,
                [
                    ("a new version", { try await bring(9, expiresAt: expiry, $0) }),
                    ("the same version", { try await bring(1, version: 1, expiresAt: expiry, activating: true, $0) }),
                ]
            ),
            (
                .changeOwner, .changeOwner,
                [
                    (
                        "another owner",
                        {
                            _ = try await kms.changeOwner(
                                of: .id(generated.id), to: user,
                                by: Caller(try fixture.asking($0), in: try Service.shop))
                        }
                    )
                ]
            ),
            (
                .changeAccess, .changeOwner,
                [
                    (
                        "a list",
                        {
                            _ = try await kms.changeAccess(
                                to: .id(imported.id), .on(try AccessList(subjects: [user], groups: [])),
                                by: try fixture.managing($0))
                        }
                    ),
                    (
                        "no list",
                        {
                            _ = try await kms.changeAccess(to: .id(imported.id), .off, by: try fixture.managing($0))
                        }
                    ),
                    (
                        "a policy",
                        {
                            let statement = AccessStatement(
                                effect: .allow, parties: [.everyone], actions: Set(KeyAction.allCases))
                            _ = try await kms.changePolicy(
                                of: .id(imported.id), to: try KeyPolicy(statements: [statement], document: "{}"),
                                by: try fixture.managing($0))
                        }
                    ),
                    (
                        "no policy",
                        {
                            _ = try await kms.changePolicy(of: .id(imported.id), to: nil, by: try fixture.managing($0))
                        }
                    ),
                ]
            ),
            (.rotateRoots, .rotateRoots, [("roots", { _ = try await kms.rotateRoots(by: try fixture.asking($0)) })]),
            (
                .retireRoots, .retireRoots,
                [
                    ("roots", { _ = try await kms.retireRoots(.first, by: try fixture.asking($0)) })
                ]
            ),
            (
                .changeApprovalPolicy, .changePolicy,
                GuardedOperation.allCases.map { operation in
                    (
                        operation.rawValue,
                        {
                            _ = try await kms.setApprovalPolicy(
                                for: operation, required: 0, approvers: [], hours: 1, by: try fixture.asking($0))
                        }
                    )
                }
            ),
            (
                .issueCredential, .changePolicy,
                [
                    (
                        "a credential",
                        {
                            _ = try await kms.issueCredential(for: fixture.eve.subject, by: try fixture.asking($0))
                        }
                    ),
                    (
                        "an access key",
                        {
                            _ = try await kms.createAccessKey(
                                for: fixture.eve.subject, AccessKeyRequest(account: try AccountNumber("123456789012")),
                                by: try fixture.asking($0))
                        }
                    ),
                ]
            ),
        ]
    }

    @Test func `the table of effects is what the verbs do, and everything with an effect is refused without approval`()
        async throws
    {
        try await bring(1)
        _ = try await kms.rotateRoots(by: try fixture.asking(nil))
        _ = try await kms.rewrapAll(to: fixture.service.token.identity.epoch)
        _ = try await kms.changeAccess(to: .id(imported.id), .on(.empty), by: try fixture.managing(nil))
        let acts = try self.acts()
        let effects = Verb.allCases.flatMap { verb in
            verb.guardedEffects.keys.map { "\(verb.rawValue) \($0.rawValue)" }
        }
        #expect(Set(effects) == Set(acts.map { "\($0.verb.rawValue) \($0.operation.rawValue)" }))
        // The policies are in force one after the other, with the policy for policies and without.
        for (index, operation) in GuardedOperation.allCases.enumerated() {
            if index == 0 {
                try await fixture.require(1, for: operation)
            } else {
                try await fixture.require(1, for: operation, approvedBy: fixture.ann)
            }
        }
        for row in acts {
            for act in row.acts {
                let error = await refusal("\(row.verb) \(act.name)") { try await act.body(nil) }
                #expect(error?.code == .approvalRequired, "\(row.verb) \(act.name): \(error as Any)")
                guard case .approvalRequired(let id, _)? = error else { continue }
                let request = try await kms.approval(id, by: try fixture.asking(nil))
                #expect(request.operation == row.operation, "\(row.verb) \(act.name)")
                // A key is named by its id.
                let key = [imported.id.description, generated.id.description]
                #expect(request.parameters["key"].map(key.contains) ?? !row.operation.isOfProjects)
            }
        }
    }

    @Test func `with the approval each of them is done, once`() async throws {
        try await bring(1)
        _ = try await kms.changeAccess(to: .id(imported.id), .on(.empty), by: try fixture.managing(nil))
        try await fixture.require(1, for: .destroy)
        try await fixture.require(1, for: .changeOwner, approvedBy: fixture.ann)
        for row in try acts() where row.operation.isOfProjects && row.verb != .changeOwner {
            for act in row.acts {
                // A change to disabled access control grants nothing new, so access control is switched on first.
                if row.verb == .changeAccess {
                    _ = try await kms.changeAccess(to: .id(imported.id), .on(.empty), by: try fixture.managing(nil))
                }
                let id = try await fixture.request { try await act.body(nil) }
                _ = try await kms.approve(id, by: fixture.bob)
                try await act.body(id)
                #expect(try await kms.approval(id, by: try fixture.asking(nil)).usedAt != nil, "\(act.name)")
            }
        }
    }

    @Test
    func `what lacks the effect needs no approval: no expiry, fewer who may change access, a destruction called off`()
        async throws
    {
        try await bring(1)
        try await fixture.require(1, for: .destroy)
        try await fixture.require(1, for: .changeOwner, approvedBy: fixture.ann)
        try await bring(2)
        try await bring(1, version: 1, activating: true)
        let manager = try fixture.managing(nil)
        _ = try await kms.changeAccess(
            to: .id(generated.id), .on(try AccessList(subjects: [try SubjectID("user")], groups: [])), by: manager)
        _ = try await kms.changeAccess(to: .id(generated.id), .on(.empty), by: manager)
        let id = try await fixture.request {
            _ = try await kms.scheduleDestruction(of: .first, of: .id(generated.id), by: manager)
        }
        _ = try await kms.approve(id, by: fixture.ann)
        _ = try await kms.scheduleDestruction(of: .first, of: .id(generated.id), in: nil, by: fixture.managing(id))
        _ = try await kms.cancelDestruction(of: .first, of: .id(generated.id), by: manager)
    }

    @Test func `a change of a key whose effect nobody checked is not stored, whichever verb forgot it`() async throws {
        try await bring(1)
        let key = generated
        let somebody = try SubjectID("somebody")
        let edits: [(Verb, (inout KeyEdit) throws(KMSError) -> Void)] = [
            (.updateKey, { (edit) throws(KMSError) in try edit.scheduleDeletion(at: edit.now, note: nil) }),
            (.updateKey, { (edit) throws(KMSError) in try edit.setOwner(somebody) }),
            (
                .destroy,
                { (edit) throws(KMSError) in
                    guard let version = edit.subject else { return }
                    try edit.scheduleDestruction(of: version, at: edit.now, note: nil)
                }
            ),
        ]
        for (verb, body) in edits {
            let caller = try fixture.managing(nil)
            let error = await refusal {
                try await kms.withAudit(verb, by: caller) { (operation) throws(KMSError) in
                    let authorized = try await operation.find(.id(key.id))
                    _ = try await authorized.change(version: .first) { (edit) throws(KMSError) in
                        try body(&edit)
                        return .store
                    }
                }
            }
            #expect(error == .conflict || error?.code == .internalFailure, "\(error as Any)")
        }
        let after = try #require(try await kms.records.key(key.id))
        #expect(after.revision == key.revision)
        // A check for one key does not count for another.
        let other = imported
        let error = await refusal {
            try await kms.withAudit(.destroy, by: try fixture.managing(nil)) { (operation) throws(KMSError) in
                try await operation.requireApproval(of: .scheduleDeletion(of: other.id, days: nil, note: nil))
                let authorized = try await operation.find(.id(key.id))
                _ = try await authorized.change(version: .first) { (edit) throws(KMSError) in
                    try edit.scheduleDeletion(at: edit.now, note: nil)
                    return .store
                }
            }
        }
        #expect(error == .conflict)
    }

    @Test func `which changes of access give control to somebody new`() throws {
        let (ann, bob, owner) = (try SubjectID("ann"), try SubjectID("bob"), try SubjectID("owner"))
        func list(_ subjects: SubjectID...) throws -> KeyAccess {
            .restricted(try AccessList(subjects: Set(subjects), groups: []))
        }
        func policy(_ statements: (AccessStatement.Effect, AccessStatement.Party, KeyAction)...) throws -> KeyAccess {
            .policy(
                try KeyPolicy(
                    statements: statements.map { AccessStatement(effect: $0.0, parties: [$0.1], actions: [$0.2]) },
                    document: ""))
        }
        let group = try GroupID("g")
        let inGroup = KeyAccess.restricted(try AccessList(subjects: [], groups: [group]))
        let annPuts = try policy((.allow, .subject(ann), .putKeyPolicy))
        let allPut = try policy((.allow, .everyone, .putKeyPolicy))
        let notBob = try policy((.allow, .everyone, .putKeyPolicy), (.deny, .subject(bob), .putKeyPolicy))
        let rows: [(KeyAccess, KeyAccess, Bool)] = [
            (.byRole, .byRole, false), (.byRole, try list(ann), false), (.byRole, allPut, false),
            (try list(ann), .byRole, true), (try list(ann), try list(ann), false),
            (try list(ann, bob), try list(ann), false),
            (try list(ann), try list(ann, bob), true), (try list(), try list(owner), false),
            (try list(ann), inGroup, true),
            (inGroup, .restricted(.empty), false), (try list(ann), annPuts, false), (try list(bob), annPuts, true),
            (annPuts, allPut, true), (annPuts, .byRole, true), (allPut, .byRole, false), (allPut, annPuts, false),
            (annPuts, try policy((.allow, .subject(ann), .putKeyPolicy), (.allow, .everyone, .decrypt)), false),
            (notBob, allPut, true), (notBob, .byRole, true), (allPut, notBob, false), (notBob, try list(bob), true),
            (annPuts, try policy((.allow, .subject(owner), .putKeyPolicy)), false),
        ]
        for (index, row) in rows.enumerated() {
            #expect(row.0.givesControl(to: row.1, owner: owner) == row.2, "row \(index)")
        }
    }
}
