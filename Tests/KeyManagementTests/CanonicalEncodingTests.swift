import Testing

@testable import KeyManagement

@Suite
struct CanonicalEncodingTests {
    static let time = Timestamp(milliseconds: 0x0102_0304_0506_0708)
    static let wrapped = WrappedKey(mechanism: .aesKW, epoch: .first, blob: [UInt8](repeating: 0xbb, count: 40))

    private func key(_ change: (inout Fields) throws -> Void = { _ in }) throws -> KeyRecord {
        var fields = try Fields()
        try change(&fields)
        return fields.record
    }

    /// The fields of a key, each of which can be changed separately.
    struct Fields {
        var id = KeyID(bytes: [UInt8](repeating: 1, count: 16))!
        var project: ProjectID
        var name: KeyName
        var description = KeyDescription.none
        var availability = KeyAvailability.enabled
        var entries: [VersionLedger.Entry] = [
            .init(state: .destroyed, counter: 4), .init(state: .pendingDestruction, counter: 3),
            .init(state: .deactivated, counter: 2), .init(state: .active, counter: 1),
        ]
        var revision: UInt64 = 7
        var createdAt = time
        var changedAt = time

        init() throws {
            project = try ProjectID("shop")
            name = try KeyName("name")
        }

        var record: KeyRecord {
            KeyRecord(
                id: id, project: project, name: name, description: description, algorithm: .aes256GCM96,
                usage: .encryptDecrypt, origin: .generated, availability: availability,
                versions: VersionLedger(entries),
                revision: revision, createdAt: createdAt, changedAt: changedAt)
        }
    }

    private func version(_ change: (inout VersionFields) throws -> Void = { _ in }) throws -> VersionRecord {
        var fields = try VersionFields()
        try change(&fields)
        return fields.record
    }

    struct VersionFields {
        var key = KeyID(bytes: [UInt8](repeating: 1, count: 16))!
        var number = VersionNumber.first
        var project: ProjectID
        var createdAt = time
        var changedAt = time
        var stateCounter: UInt64 = 1
        var life = VersionLife.active(wrapped)

        init() throws {
            project = try ProjectID("shop")
        }

        var record: VersionRecord {
            VersionRecord(
                id: VersionID(key: key, number: number), project: project, algorithm: .aes256GCM96,
                usage: .encryptDecrypt,
                origin: .generated, createdAt: createdAt, changedAt: changedAt, stateCounter: stateCounter, life: life)
        }
    }

    @Test func `of a credential is the documented bytes: tag, length, field`() throws {
        let record = CredentialRecord(
            hash: CredentialHash(bytes: [UInt8](repeating: 0xaa, count: 32)), subject: try SubjectID("al"),
            project: try ProjectID("shop"), expiresAt: Timestamp(milliseconds: 9),
            networks: [try Network("10.0.0.0/8")], at: Self.time)
        let expected: [UInt8] =
            [0x00, 0, 0, 0, 25] + Array("hsm-kms/seal/credential/2".utf8)
            + [0x01, 0, 0, 0, 32] + [UInt8](repeating: 0xaa, count: 32)
            + [0x02, 0, 0, 0, 2, 0x61, 0x6c]
            + [0x03, 0, 0, 0, 4, 0x73, 0x68, 0x6f, 0x70]
            + [0x04, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 9]
            + [0x05, 0, 0, 0, 10] + Array("10.0.0.0/8".utf8)
            + [0x07, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1]
            + [0x08, 0, 0, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8]
        #expect(record.canonicalBytes == expected)
    }

    @Test func `differs for keys that differ in any sealed field`() throws {
        let variants: [KeyRecord] = try [
            key(),
            key { $0.id = KeyID(bytes: [UInt8](repeating: 2, count: 16))! },
            key { $0.project = try ProjectID("shoq") },
            key { $0.availability = .disabled },
            key { $0.entries = [] },
            key { $0.entries.removeLast() },
            key { $0.entries[3] = .init(state: .deactivated, counter: 1) },
            key { $0.entries[3] = .init(state: .active, counter: 3) },
            key { $0.entries[0] = .init(state: .destroyed, counter: 6) },
            key { $0.entries.swapAt(0, 1) },
            key { $0.entries.insert($0.entries[0], at: 0) },
            key { $0.revision = 8 },
            key { $0.createdAt = Timestamp(milliseconds: 0) },
            key { $0.changedAt = Timestamp(milliseconds: 0) },
        ]
        #expect(Set(variants.map(\.canonicalBytes)).count == variants.count)
    }

    @Test func `of a key has neither name nor description, which are not sealed`() throws {
        let renamed = try key {
            $0.name = try KeyName("other")
            $0.description = try KeyDescription("other")
        }
        #expect(try renamed.canonicalBytes == key().canonicalBytes)
    }

    @Test func `differs for versions that differ in any field`() throws {
        let wrapped = Self.wrapped
        let variants: [VersionRecord] = try [
            version(),
            version { $0.key = KeyID(bytes: [UInt8](repeating: 2, count: 16))! },
            version { $0.number = VersionNumber(UInt32(2))! },
            version { $0.project = try ProjectID("shoq") },
            version { $0.createdAt = Timestamp(milliseconds: 0) },
            version { $0.changedAt = Timestamp(milliseconds: 0) },
            version { $0.stateCounter = 2 },
            version { $0.life = .active(WrappedKey(mechanism: .aesKWP, epoch: .first, blob: wrapped.blob)) },
            version { $0.life = .active(WrappedKey(mechanism: .aesKW, epoch: RootEpoch(2)!, blob: wrapped.blob)) },
            version { $0.life = .active(WrappedKey(mechanism: .aesKW, epoch: .first, blob: wrapped.blob + [0])) },
            version {
                $0.life = .active(WrappedKey(mechanism: .aesKW, epoch: .first, blob: wrapped.blob.reversed() + [1]))
            },
            version { $0.life = .deactivated(wrapped) },
            version { $0.life = .pendingDestruction(wrapped, due: Self.time) },
            version { $0.life = .pendingDestruction(wrapped, due: Timestamp(milliseconds: 0)) },
            version { $0.life = .destroyed(blobDigest: [UInt8](repeating: 1, count: 32)) },
            version { $0.life = .destroyed(blobDigest: [UInt8](repeating: 2, count: 32)) },
        ]
        #expect(Set(variants.map(\.canonicalBytes)).count == variants.count)
    }

    @Test func `differs for credentials that differ in any field, and for text that moves from one field to the next`()
        throws
    {
        func record(
            hash: UInt8 = 1, subject: String = "alice", project: String? = "shop", expiry: Int64? = 7,
            networks: [String] = [], revoked: Int64? = nil, revision: UInt64 = 1, at time: Int64 = 0
        ) throws -> [UInt8] {
            var record = CredentialRecord(
                hash: CredentialHash(bytes: [UInt8](repeating: hash, count: 32)), subject: try SubjectID(subject),
                project: try project.map { try ProjectID($0) }, expiresAt: expiry.map { Timestamp(milliseconds: $0) },
                networks: try networks.map { try Network($0) }, at: Timestamp(milliseconds: time))
            record.revokedAt = revoked.map { Timestamp(milliseconds: $0) }
            record.revision = revision
            return record.canonicalBytes
        }
        let variants = try [
            record(), record(hash: 2), record(subject: "alicf"), record(project: "shoq"), record(project: nil),
            record(expiry: 8), record(expiry: nil), record(networks: ["10.0.0.0/8"]), record(networks: ["10.0.0.0/9"]),
            record(networks: ["::/0", "10.0.0.0/8"]), record(revoked: 7), record(expiry: nil, revoked: 7),
            record(revision: 2), record(at: 1), record(subject: "alices", project: "hop"),
        ]
        #expect(Set(variants).count == variants.count)
    }

    @Test func `begins with what kind of record it is`() throws {
        #expect(try key().canonicalBytes.starts(with: [0, 0, 0, 0, 18] + Array("hsm-kms/seal/key/1".utf8)))
        #expect(try version().canonicalBytes.starts(with: [0, 0, 0, 0, 22] + Array("hsm-kms/seal/version/1".utf8)))
    }
}
