import Crypto

/// The remains of a deleted key: its identity, and the digest of its last record, which covers the state of every version.
package struct KeyTombstone: Hashable, Sendable, Sealable {
    package let id: KeyID
    package let project: ProjectID
    package let name: KeyName
    /// SHA-256 of the last record's canonical form.
    package let recordDigest: [UInt8]
    package let deletedAt: Timestamp

    package init(id: KeyID, project: ProjectID, name: KeyName, recordDigest: [UInt8], deletedAt: Timestamp) {
        self.id = id
        self.project = project
        self.name = name
        self.recordDigest = recordDigest
        self.deletedAt = deletedAt
    }

    init(of key: KeyRecord, at now: Timestamp) {
        self.init(
            id: key.id, project: key.project, name: key.name,
            recordDigest: Array(SHA256.hash(data: key.canonicalBytes)), deletedAt: now)
    }

    package var sealedName: String { "the tombstone of key \(id)" }

    /// The domain of the canonical form.
    static let sealDomain = "hsm-kms/seal/tombstone/1"

    package var canonicalBytes: [UInt8] {
        var encoding = CanonicalEncoding(domain: Self.sealDomain)
        encoding.append(1, project.text)
        encoding.append(2, id.bytes)
        encoding.append(3, name.text)
        encoding.append(4, recordDigest)
        encoding.append(5, deletedAt.milliseconds)
        return encoding.bytes
    }
}
