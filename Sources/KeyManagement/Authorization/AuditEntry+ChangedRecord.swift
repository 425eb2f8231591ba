internal import Crypto
import Encodings

extension AuditEntry.ChangedRecord {
    /// Creates the entry for a record in its new form.
    init(_ key: KeyRecord) {
        self.init(
            kind: "key", id: key.id.description, revision: key.revision,
            digest: Array(SHA256.hash(data: key.canonicalBytes)))
    }

    init(_ tombstone: KeyTombstone) {
        self.init(
            kind: "key", id: tombstone.id.description, revision: 0,
            digest: Array(SHA256.hash(data: tombstone.canonicalBytes)))
    }

    init(_ version: VersionRecord) {
        self.init(
            kind: "version", id: version.id.description, revision: version.stateCounter,
            digest: Array(SHA256.hash(data: version.canonicalBytes)))
    }

    init(_ answer: IdempotentAnswer) {
        self.init(
            kind: "answer", id: Hexadecimal.text(answer.id.bytes), revision: 1,
            digest: Array(SHA256.hash(data: answer.canonicalBytes)))
    }

    init(_ job: ImportJob, isDeleted: Bool = false) {
        self.init(
            kind: "importJob", id: job.id.description, revision: isDeleted ? 0 : 1,
            digest: Array(SHA256.hash(data: job.canonicalBytes)))
    }

    init(_ alias: AliasRecord, isDeleted: Bool = false) {
        self.init(
            kind: "alias", id: "\(alias.project)/\(alias.name)", revision: isDeleted ? 0 : alias.revision,
            digest: Array(SHA256.hash(data: alias.canonicalBytes)))
    }

    init(_ document: DirectoryDocument) {
        self.init(
            kind: document.kind.rawValue, id: document.key, revision: document.revision,
            digest: Array(SHA256.hash(data: document.content)))
    }
}

extension AuditEntry.ChangedRecord {
    /// Returns the records of a change of a key, the key first.
    ///
    /// If there are more than ``listedVersions`` versions, none is listed: the key's own record covers the state of each.
    static func all(of key: KeyRecord, _ versions: [VersionRecord], _ answer: IdempotentAnswer?) -> [Self] {
        let listed = versions.count <= listedVersions ? versions : []
        return [.init(key)] + listed.map { .init($0) } + (answer.map { [.init($0)] } ?? [])
    }

    /// The maximum number of versions that an audit entry lists.
    static var listedVersions: Int { 64 }
}
