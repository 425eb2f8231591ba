internal import KeyManagement

// Records to store. Their seals are not genuine: a store carries them and does not check them.

/// A key with its versions, as a store has them after an insert or a change.
struct SampleKey {
    var key: Sealed<KeyRecord>
    var versions: [Sealed<VersionRecord>]

    var id: KeyID { key.unverified.id }

    /// Creates a key whose versions are in the given states, numbered from 1.
    init(
        _ name: String = "sample", id: KeyID = KeyID(), lives: [VersionLife] = [], revision: UInt64 = 1
    ) throws {
        let project = try Samples.project
        versions = lives.enumerated().map { index, life in
            Samples.version(index + 1, of: id, in: project, life: life)
        }
        key = Samples.sealed(
            KeyRecord(
                id: id, project: project, name: try KeyName(name), description: .none,
                tags: try KeyTags(["team": "finance", "a \"quoted\" name": "/ä"]), algorithm: .aes256GCM96,
                usage: .encryptDecrypt, origin: .generated, kind: .service(try ServiceName("backup")),
                owner: try SubjectID("olga@example.com"),
                access: .restricted(
                    try AccessList(
                        subjects: [try SubjectID("one"), try SubjectID("two+x")], groups: [try GroupID("ops")])),
                availability: .enabled,
                availabilityNote: ChangeNote(reason: .superseded, comment: try KeyDescription("why")),
                versions: Samples.ledger(of: versions),
                rotation: RotationSchedule(period: .standard, dueAt: Samples.time.midnight.adding(days: 365)),
                rotatedAt: Samples.time, revision: revision, createdAt: Samples.time, changedAt: Samples.time))
    }

    /// Returns the key after another change, with the ledger of its present versions.
    func changed() -> Sealed<KeyRecord> { changed { _ in } }

    func changed(_ change: (inout KeyRecord) throws -> Void) rethrows -> Sealed<KeyRecord> {
        var record = key.unverified
        record.versions = Samples.ledger(of: versions)
        record.revision += 1
        record.changedAt = Timestamp(milliseconds: record.changedAt.milliseconds + 1)
        try change(&record)
        return Samples.sealed(record)
    }

    /// Returns the version after another change of its state.
    func moved(_ number: Int, to life: VersionLife) -> Sealed<VersionRecord> {
        var record = versions[number - 1].unverified
        record.life = life
        record.stateCounter += 1
        record.changedAt = Timestamp(milliseconds: record.changedAt.milliseconds + 1)
        return Samples.sealed(record)
    }

    /// Returns the change that a rotation makes: the active version deactivated, and a new version.
    func rotated() throws -> (change: KeyChange, after: SampleKey) {
        var after = self
        var updated: [Sealed<VersionRecord>] = []
        for (index, version) in versions.enumerated() {
            guard case .active(let wrapped) = version.unverified.life else { continue }
            updated.append(moved(index + 1, to: .deactivated(wrapped)))
            after.versions[index] = updated[0]
        }
        let inserted = Samples.version(
            versions.count + 1, of: id, in: key.unverified.project, life: .active(Samples.wrapped(versions.count + 1)))
        after.versions.append(inserted)
        after.key = after.changed()
        return (KeyChange(key: after.key, updated: updated, inserted: [inserted]), after)
    }

    /// Returns what a store must return for this key with one of its versions.
    func stored(with number: Int? = nil) -> StoredKey {
        StoredKey(key: key, version: number.map { versions[$0 - 1] })
    }
}

enum Samples {
    static var policy: KeyPolicy {
        get throws {
            try KeyPolicy(
                statements: [
                    AccessStatement(
                        effect: .deny, parties: [.everyone, .subject(try SubjectID("a@b"))], actions: [.sign, .verify]),
                    AccessStatement(effect: .allow, parties: [.group(try GroupID("g"))], actions: [.decrypt]),
                ], document: "{\"Id\": \"ü\"}")
        }
    }

    static var project: ProjectID { get throws { try ProjectID("contract") } }

    static let time = Timestamp(milliseconds: 1_767_225_600_123)

    static func bytes(_ count: Int, from seed: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: seed &* 31 &+ $0 &* 7 &+ 1) }
    }

    static func wrapped(_ seed: Int, mechanism: WrapMechanism = .aesKW, epoch: UInt32 = 1) -> WrappedKey {
        WrappedKey(mechanism: mechanism, epoch: RootEpoch(epoch) ?? .first, blob: bytes(40, from: seed))
    }

    /// Creates a sealed record with a placeholder seal. Its code and its epoch (1 to 5) depend on the record.
    static func sealed<Record: Sealable>(_ record: Record) -> Sealed<Record> {
        let sum = record.canonicalBytes.reduce(0) { ($0 &* 33 &+ Int($1)) & 0xFFFF_FFFF }
        return Sealed(
            unverified: record,
            seal: Seal(epoch: RootEpoch(UInt32(sum % 5 + 1)) ?? .first, code: bytes(32, from: sum)))
    }

    static func version(
        _ number: Int, of key: KeyID, in project: ProjectID, life: VersionLife
    ) -> Sealed<VersionRecord> {
        let id = VersionID(key: key, number: VersionNumber(UInt32(number)) ?? .first)
        return sealed(
            VersionRecord(
                id: id, project: project, algorithm: .aes256GCM96, usage: .encryptDecrypt, origin: .generated,
                createdAt: time, changedAt: Timestamp(milliseconds: time.milliseconds + Int64(number)),
                stateCounter: UInt64(number), life: life, note: ChangeNote(reason: .keyCompromise),
                publicKey: PublicKeyInfo(der: bytes(91, from: number)),
                checkValue: CheckValue(bytes: bytes(16, from: number))))
    }

    static func ledger(of versions: [Sealed<VersionRecord>]) -> VersionLedger {
        // No ledger has two active versions; a store must refuse such versions by itself.
        guard versions.count(where: { $0.unverified.state == .active }) <= 1 else { return .empty }
        return VersionLedger(
            versions.map { VersionLedger.Entry(state: $0.unverified.state, counter: $0.unverified.stateCounter) })
    }

    static func binding(label: String = "token") throws -> TokenBinding {
        TokenBinding(
            label: label, serialNumber: "0123456789abcdef", epoch: RootEpoch(3) ?? .first,
            checkValue: bytes(32, from: 9), createdAt: time)
    }

    /// Returns a directory document; the store does not read its content.
    static func document(
        _ kind: DirectoryKind, _ key: String, parent: String = "", revision: UInt64 = 1, content: Int = 1
    ) -> Sealed<DirectoryDocument> {
        sealed(
            DirectoryDocument(
                kind: kind, key: key, parent: parent, revision: revision, content: bytes(300, from: content)))
    }

    static func accessKey(under epoch: RootEpoch) throws -> AccessKeyRecord {
        guard let id = AccessKeyID("AKIAABCDEFGHIJKLMNOP") else { throw ContractViolation("no id of an access key") }
        return AccessKeyRecord(
            id: id, subject: try SubjectID("alice"), account: try AccountNumber("111122223333"), expiresAt: nil,
            handle: KeyID(), wrapped: WrappedKey(mechanism: .aesKWP, epoch: epoch, blob: bytes(56, from: 3)), at: time)
    }

    /// The document of the samples' project, which keys refer to.
    static var projectDocument: Sealed<DirectoryDocument> {
        get throws { document(.project, try project.text) }
    }

    /// Initialises a new store with its project.
    static func initialize(_ store: any KeyStore) async throws {
        try await store.initialize(binding: try binding(), directory: [try projectDocument])
    }

    /// Inserts a key into a new store.
    static func insert(_ key: SampleKey, into store: any KeyStore) async throws {
        try await initialize(store)
        try await store.insert(key.key, versions: key.versions, answer: nil)
    }
}
