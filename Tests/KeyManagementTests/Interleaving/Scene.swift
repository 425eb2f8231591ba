import KMSTesting
import Logging
import SecretMemory
import Testing

@testable import KeyManagement

/// The environment of an operation: the key that it names, another key, and what was prepared for both. Each run begins with a
/// copy of it.
struct Scene: Sendable {
    let memory: MemoryKeyStore
    let token: SpyToken
    let clock: ManualClock
    /// The key that the reference initially names.
    let target: KeyRecord
    /// The key to which a rival tries to redirect the operation.
    let decoy: KeyRecord
    let job: ImportJobID
    /// A ciphertext made earlier under the target.
    let ciphertext: Ciphertext?
    let grant: GrantID?
    /// An approval of the operation on the target.
    var approval: ApprovalID?

    static let plaintext: [UInt8] = Array("interleaving".utf8)
    static var alias: KeyName { get throws { try KeyName("alias-of-target") } }
    static var targetName: KeyName { get throws { try KeyName("target") } }

    static var rules: KeyRules { KeyRules(standardDestructionDays: 7, minDestructionDays: 0) }

    /// The kind of a key in a scene, and its preparation.
    struct KeyPlan: Sendable {
        var algorithm = KeyAlgorithm.aes256GCM96
        var usage: KeyUsage?
        var origin = KeyOrigin.generated
        var versions = 2
        var prepare: @Sendable (KeyService, KeyReference, Caller) async throws -> Void = { _, _, _ in }
    }

    init(target plan: KeyPlan, decoy decoyPlan: KeyPlan) async throws {
        memory = MemoryKeyStore()
        clock = ManualClock()
        token = SpyToken(MemoryToken(), imports: true)
        let kms = Self.service(token, memory, MemoryAuditLog(), clock)
        let people = try Role.allCases.map { FirstSubject(subject: try SubjectID($0.rawValue), role: $0) }
        let admins = try ["admin", "approver"].map {
            FirstSubject(subject: try SubjectID($0), role: nil, isAdministrator: true)
        }
        try await kms.initializeStore(with: try await kms.prepareDirectory(people + admins, of: Service.shop))
        try await kms.adoptRoots()
        let manager = try Self.caller("manager")
        job = try await kms.createImportJob(by: manager).id
        target = try await Self.make(plan, try Self.targetName, job, by: kms)
        decoy = try await Self.make(decoyPlan, try KeyName("decoy"), job, by: kms)
        let plaintext = SecretBytes(copying: Self.plaintext)
        ciphertext = try? await kms.encrypt(plaintext, under: .id(target.id), by: manager)
        let request = GrantRequest(grantee: .subject(try SubjectID("user")), actions: [.describeKey])
        grant = try? await kms.createGrant(request, on: .id(target.id), by: manager).grant.id
    }

    private static func make(
        _ plan: KeyPlan, _ name: KeyName, _ job: ImportJobID, by kms: KeyService
    ) async throws -> KeyRecord {
        let manager = try caller("manager")
        let request = CreateKeyRequest(
            name: name, algorithm: plan.algorithm, usage: plan.usage, origin: plan.origin,
            staysInPreActivation: plan.versions == 0)
        let key = try await kms.make(request, by: manager)
        for number in 0..<plan.versions where plan.origin == .imported {
            _ = try await kms.importMaterial(material(UInt8(number + 1)), under: job, into: .id(key.id), by: manager)
        }
        for _ in 1..<max(1, plan.versions) where plan.origin == .generated {
            _ = try await kms.rotateKey(.id(key.id), by: manager)
        }
        // A key pending deletion can get no new alias.
        if name == (try targetName) { _ = try await kms.setAlias(try alias, to: .id(key.id), by: manager) }
        try await plan.prepare(kms, .id(key.id), manager)
        return try await kms.describeKey(.id(key.id), by: manager)
    }

    /// Returns material that ``SpyToken`` pretends to unwrap.
    static func material(_ fill: UInt8) -> [UInt8] { [UInt8](repeating: fill, count: 16) }

    static func service(
        _ token: SpyToken, _ store: any KeyStore, _ audit: MemoryAuditLog, _ clock: ManualClock
    ) -> KeyService {
        KeyService(
            token: token, store: store, audit: audit, clock: clock, rules: rules, recordLease: .zero,
            logger: Service.logger)
    }

    static func caller(_ name: String, role: Role = .manager, approval: ApprovalID? = nil) throws -> Caller {
        let shop = try Service.shop
        let profile = Profile(
            subject: try SubjectID(name), kind: .subject(.user), isAdministrator: name == "admin" || name == "approver",
            roles: RoleGrants([shop: role]))
        return Caller(Principal(profile: profile, approval: approval), in: shop)
    }
}

/// One run of an operation in a copy of a scene, with a rival between two of its calls.
struct Run: Sendable {
    let scene: Scene
    let memory: MemoryKeyStore
    let interleaving: InterleavingStore
    let audit = MemoryAuditLog()
    /// The service that performs the operation.
    let kms: KeyService
    /// The rival's service: another process on the same store.
    let other: KeyService
    /// The reference by which the operation names the key.
    let reference: KeyReference
    let caller: Caller

    init(_ scene: Scene, naming reference: KeyReference, by caller: Caller) {
        self.scene = scene
        self.reference = reference
        self.caller = caller
        memory = scene.memory.copy()
        interleaving = InterleavingStore(memory)
        kms = Scene.service(scene.token, interleaving, audit, scene.clock)
        other = Scene.service(scene.token, memory, MemoryAuditLog(), scene.clock)
    }

    /// All records that operations on keys can change.
    struct Contents: Equatable, Sendable {
        var keys: [KeyID: KeyRecord] = [:]
        var versions: [VersionID: VersionRecord] = [:]
        var aliases: [KeyName: AliasRecord] = [:]
        var grants: [KeyID: [UInt8]] = [:]

        /// Returns the part that belongs to one key.
        func part(of key: KeyID) -> Contents {
            Contents(
                keys: keys.filter { $0.key == key }, versions: versions.filter { $0.key.key == key },
                grants: grants.filter { $0.key == key })
        }
    }

    func contents() async throws -> Contents {
        var contents = Contents()
        let shop = try Service.shop
        for key in try await memory.keys(in: shop, after: nil, limit: 100).map(\.unverified) {
            contents.keys[key.id] = key
            for version in try await memory.versions(of: key.id, before: nil, limit: 100).map(\.unverified) {
                contents.versions[version.id] = version
            }
            contents.grants[key.id] = try await memory.document(.grants, key.id.description)?.unverified.content
        }
        for alias in try await memory.aliases(in: shop, of: nil, after: nil, limit: 100).map(\.unverified) {
            contents.aliases[alias.name] = alias
        }
        return contents
    }
}
