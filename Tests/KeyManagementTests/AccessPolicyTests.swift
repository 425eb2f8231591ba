import KeyManagement
import Testing

@Suite
struct AccessPolicyTests {
    /// The relation of a subject to a key, in the order of the columns below.
    enum Standing: Int, CaseIterable, Sendable {
        /// Access control is off.
        case off
        /// Access control is on for this case and the following ones.
        case listed
        case listedByGroup
        case notListed
        case owner
        /// The owner, whose role was removed.
        case ownerWithoutRole
    }

    /// The verbs that are about a key, with a column each for Viewer, User and Manager. Each column has one letter per standing:
    /// A allowed, d denied, h hidden, as if the key did not exist.
    static let table: [(verb: Verb, viewer: String, user: String, manager: String)] = [
        (.describeKey, "AAAhAd", "AAAhAd", "AAAhAd"),
        (.updateKey, "dddddd", "dddddd", "AAAhAd"),
        (.rotateKey, "dddddd", "dddddd", "AAAhAd"),
        (.issueDataKey, "dddddd", "AAAhAd", "AAAhAd"),
        (.encrypt, "dddddd", "AAAhAd", "AAAhAd"),
        (.decrypt, "dddddd", "AAAhAd", "AAAhAd"),
        (.reEncrypt, "dddddd", "AAAhAd", "AAAhAd"),
        (.sign, "dddddd", "AAAhAd", "AAAhAd"),
        (.verify, "dddddd", "AAAhAd", "AAAhAd"),
        (.generateMAC, "dddddd", "AAAhAd", "AAAhAd"),
        (.verifyMAC, "dddddd", "AAAhAd", "AAAhAd"),
        (.deriveSharedSecret, "dddddd", "AAAhAd", "AAAhAd"),
        (.readPublicKey, "AAAhAd", "AAAhAd", "AAAhAd"),
        (.changeState, "dddddd", "dddddd", "AAAhAd"),
        (.destroy, "dddddd", "dddddd", "AAAhAd"),
        (.deleteKey, "dddddd", "dddddd", "AAAhAd"),
        (.importKey, "dddddd", "dddddd", "AAAhAd"),
        (.changeAlias, "dddddd", "dddddd", "AAAhAd"),
        (.changeAccess, "dddddd", "dddddd", "AAAhAd"),
        (.createGrant, "dddddd", "dddddd", "AAAhAd"),
        (.readKeyUsage, "dddddd", "dddddd", "AAAhAd"),
        (.listGrants, "AAAhAd", "AAAhAd", "AAAhAd"),
        (.retireGrant, "dddddd", "dddddd", "AAAhAd"),
        (.revokeGrant, "dddddd", "dddddd", "AAAhAd"),
    ]

    /// The verbs that are not about a key, with the roles that have them.
    static let withoutKey: [(verb: Verb, roles: Set<Role>)] = [
        (.listKeys, [.viewer, .user, .manager]),
        (.listAliases, [.viewer, .user, .manager]),
        (.generateRandom, [.user, .manager]),
        (.createKey, [.manager]),
        (.listRoles, [.manager]),
        (.whoAmI, [.viewer, .user, .manager]),
        (.authenticate, [.viewer, .user, .manager]),
        // For agents and administrators only.
        (.obtainServiceKey, []), (.changeOwner, []), (.explainAccess, []), (.readDirectory, []), (.changeProject, []),
        (.changeSubject, []), (.changeGroup, []), (.changeRole, []), (.readCredentials, []), (.issueCredential, []),
        (.revokeCredential, []), (.readAudit, []), (.recoverAdministrator, []),
        (.resetApprovalPolicy, []), (.acceptOlderStore, []), (.adoptState, []), (.readRoots, []), (.rotateRoots, []),
        (.retireRoots, []),
        (.rewrapKeys, []),
        (.verifyStore, []), (.reportCustody, []), (.changeApprovalPolicy, []),
        // For subjects that the policy of the operation names; the operation itself checks that.
        (.readApprovals, [.viewer, .user, .manager]), (.requestApproval, [.viewer, .user, .manager]),
        (.decideApproval, [.viewer, .user, .manager]), (.useApproval, [.viewer, .user, .manager]),
    ]

    static func cell(_ verb: Verb, _ role: Role, _ standing: Standing) throws -> Character {
        let row = try #require(table.first { $0.verb == verb })
        let cells =
            switch role {
            case .viewer: row.viewer
            case .user: row.user
            case .manager: row.manager
            }
        return Array(cells)[standing.rawValue]
    }

    private func key(_ standing: Standing, kind: KeyKind = .user) throws -> KeyRecord {
        let access: KeyAccess =
            switch standing {
            case .off: .byRole
            case .listed: .restricted(try AccessList(subjects: [SubjectID("me")], groups: []))
            case .listedByGroup: .restricted(try AccessList(subjects: [], groups: [GroupID("mine"), GroupID("other")]))
            case .notListed, .owner, .ownerWithoutRole:
                .restricted(try AccessList(subjects: [SubjectID("you")], groups: [GroupID("yours")]))
            }
        let isOwner = standing == .owner || standing == .ownerWithoutRole
        return KeyRecord(
            id: KeyID(), project: try ProjectID("shop"), name: try KeyName("k"), description: .none,
            algorithm: .aes256GCM96, usage: .encryptDecrypt, origin: .generated, kind: kind,
            owner: try SubjectID(isOwner ? "me" : "you"), access: access, availability: .enabled, versions: .empty,
            revision: 1, createdAt: Timestamp(milliseconds: 0), changedAt: Timestamp(milliseconds: 0))
    }

    private func principal(
        _ role: Role?, in project: String = "shop", kind: SubjectKind = .user, isAdministrator: Bool = false
    ) throws -> Principal {
        let roles = RoleGrants(try role.map { [try ProjectID(project): $0] } ?? [:])
        return Principal(
            profile: Profile(
                subject: try SubjectID("me"), kind: .subject(kind), isAdministrator: isAdministrator,
                groups: [try GroupID("mine")], roles: roles))
    }

    private func letter(_ decision: AccessPolicy.Decision) -> Character {
        switch decision {
        case .allowed: "A"
        case .denied: "d"
        case .hidden: "h"
        }
    }

    @Test(arguments: table.indices)
    func `decides on keys as the table has it, for every role, verb and standing`(_ row: Int) throws {
        let verb = Self.table[row].verb
        for role in Role.allCases {
            for standing in Standing.allCases {
                let who = try principal(standing == .ownerWithoutRole ? nil : role)
                let decision = AccessPolicy.decide(verb, on: try key(standing), for: who)
                #expect(letter(decision) == (try Self.cell(verb, role, standing)), "\(verb) \(role) \(standing)")
                #expect(!decision.reason.isEmpty)
            }
        }
    }

    @Test(arguments: withoutKey.indices) func `decides what is about no key by role, agency or administration`(
        _ row: Int
    ) throws {
        let (verb, roles) = Self.withoutKey[row]
        for role in Role.allCases {
            let decision = AccessPolicy.decide(verb, in: try ProjectID("shop"), for: try principal(role))
            #expect(letter(decision) == (roles.contains(role) ? "A" : "d"), "\(verb) \(role)")
        }
    }

    @Test func `the tables of this test name every verb once`() {
        let verbs = Self.table.map(\.verb) + Self.withoutKey.map(\.verb)
        #expect(verbs.count == Verb.allCases.count && Set(verbs) == Set(Verb.allCases))
        for row in Self.table { #expect([row.viewer, row.user, row.manager].allSatisfy { $0.count == 6 }) }
    }

    @Test(arguments: Verb.allCases)
    func `a platform administrator can use no key by that alone, and has the platform`(_ verb: Verb) throws {
        let platform: Set<Verb> = [
            .changeOwner, .explainAccess, .readDirectory, .changeProject, .changeSubject, .changeGroup, .changeRole,
            .readCredentials, .issueCredential, .revokeCredential, .readAudit, .listRoles, .whoAmI, .authenticate,
            .recoverAdministrator, .resetApprovalPolicy, .acceptOlderStore, .adoptState, .readRoots, .rotateRoots,
            .retireRoots,
            .rewrapKeys, .verifyStore, .reportCustody, .changeApprovalPolicy, .readApprovals, .requestApproval,
            .decideApproval, .useApproval,
        ]
        let who = try principal(nil, isAdministrator: true)
        #expect(
            letter(AccessPolicy.decide(verb, in: try ProjectID("shop"), for: who))
                == (platform.contains(verb) ? "A" : "d"))
        for standing in Standing.allCases where !platform.contains(verb) {
            #expect(letter(AccessPolicy.decide(verb, on: try key(standing), for: who)) == "d", "\(standing)")
        }
    }

    @Test(arguments: Verb.allCases)
    func `a role in one project is none in another, and there is none without a project`(_ verb: Verb) throws {
        guard verb.requirement != .anybody else { return }
        let who = try principal(.manager, in: "bank", kind: .serviceAgent(try ServiceName("backup")))
        for project in [try ProjectID("shop"), nil] {
            #expect(letter(AccessPolicy.decide(verb, in: project, for: who)) == "d")
        }
        #expect(letter(AccessPolicy.decide(verb, on: try key(.listed), for: who)) == "d")
    }

    @Test(arguments: table.indices)
    func `a service key is seen by all, used by its service's agents only, and changed by nobody`(_ row: Int) throws {
        let verb = Self.table[row].verb
        let key = try key(.off, kind: .service(try ServiceName("backup")))
        let isSeeing = [.describeKey, .readPublicKey].contains(verb)
        let isUsing = verb.work == .cryptography
        let agent = try principal(.user, kind: .serviceAgent(try ServiceName("backup")))
        #expect(letter(AccessPolicy.decide(verb, on: key, for: agent)) == (isSeeing || isUsing ? "A" : "d"))
        let others = [
            try principal(.manager), try principal(.user), try principal(.viewer),
            try principal(.manager, kind: .serviceAgent(try ServiceName("mail"))),
        ]
        for other in others {
            #expect(letter(AccessPolicy.decide(verb, on: key, for: other)) == (isSeeing ? "A" : "d"))
        }
        // The agent also needs a role, and one that permits cryptographic use.
        for role in [Role.viewer, nil] {
            let weak = try principal(role, kind: .serviceAgent(try ServiceName("backup")))
            #expect(letter(AccessPolicy.decide(verb, on: key, for: weak)) == (isSeeing && role != nil ? "A" : "d"))
        }
    }

    @Test(arguments: Verb.allCases) func `the service itself does what is due, and nothing else`(_ verb: Verb) throws {
        let who = Principal(profile: Profile(subject: try SubjectID("kms-scheduler"), kind: .system))
        let isDue: Set<Verb> = [
            .rotateKey, .destroy, .rewrapKeys, .recoverAdministrator, .resetApprovalPolicy, .acceptOlderStore,
            .adoptState,
            .reportCustody,
        ]
        #expect(
            letter(AccessPolicy.decide(verb, on: try key(.notListed), for: who)) == (isDue.contains(verb) ? "A" : "d"))
    }
}
