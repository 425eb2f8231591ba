internal import Crypto

/// The number of a shard of the state digest: 0 to 4,095.
package struct ShardIndex: Hashable, Comparable, Sendable {
    package let number: Int

    /// The number of shards. It never changes: a record's shard follows from its place.
    package static let count = 4096

    static let all = (0..<count).compactMap { ShardIndex($0) }

    /// Creates an index; `nil` if no such shard exists.
    package init?(_ number: Int) {
        guard (0..<Self.count).contains(number) else { return nil }
        self.number = number
    }

    /// Creates the index for records anchored at these bytes: the first 12 bits of their hash.
    init(anchor digest: SHA256.Digest) {
        let first = digest.prefix(2)
        number = first.reduce(0) { $0 << 8 | Int($1) } >> 4
    }

    package static func < (lhs: ShardIndex, rhs: ShardIndex) -> Bool { lhs.number < rhs.number }
}

/// The place of a record in the state digest: 32 bytes that identify it in the store, and the shard that counts it.
///
/// All records of one key are in the shard of the key, so that a change of a key touches one shard. These are its versions,
/// their reserved uses, its tombstone, and the digests of its wrapped blobs. A name and an alias of the same text share a
/// shard, so that a lookup needs one.
package struct StatePlace: Hashable, Sendable {
    package let shard: ShardIndex
    /// SHA-256 over the kind of the record and its primary key.
    package let bytes: [UInt8]

    private init(_ kind: String, anchor: [UInt8], _ fields: [UInt8]...) {
        var encoding = CanonicalEncoding(domain: "hsm-kms/state/place/1")
        encoding.append(1, kind)
        for field in fields { encoding.append(2, field) }
        bytes = Array(SHA256.hash(data: encoding.bytes))
        shard = ShardIndex(anchor: SHA256.hash(data: anchor))
    }

    static func key(_ id: KeyID) -> StatePlace { StatePlace("key", anchor: id.bytes, id.bytes) }

    static func version(_ id: VersionID) -> StatePlace {
        StatePlace("version", anchor: id.key.bytes, id.key.bytes, id.number.value.bigEndianBytes)
    }

    static func usage(_ id: VersionID) -> StatePlace {
        StatePlace("usage", anchor: id.key.bytes, id.key.bytes, id.number.value.bigEndianBytes)
    }

    static func tombstone(_ id: KeyID) -> StatePlace { StatePlace("tombstone", anchor: id.bytes, id.bytes) }

    /// Returns the place of the name of a key in its project. Its digest is that of the key's id.
    static func name(_ name: KeyName, in project: ProjectID) -> StatePlace {
        StatePlace("name", anchor: anchor(name, project), Array(project.text.utf8), Array(name.text.utf8))
    }

    static func alias(_ name: KeyName, in project: ProjectID) -> StatePlace {
        StatePlace("alias", anchor: anchor(name, project), Array(project.text.utf8), Array(name.text.utf8))
    }

    static func document(_ kind: DirectoryKind, _ key: String) -> StatePlace {
        let (kind, key) = (Array(kind.rawValue.utf8), Array(key.utf8))
        return StatePlace("document", anchor: kind + [0] + key, kind, key)
    }

    static func importJob(_ id: ImportJobID) -> StatePlace { StatePlace("importJob", anchor: id.bytes, id.bytes) }

    static func answer(_ id: IdempotentRequestID) -> StatePlace { StatePlace("answer", anchor: id.bytes, id.bytes) }

    /// Returns the place of a wrapped key that was once stored. Its digest is that of its owner.
    static func blob(_ blob: WrappedBlob, under epoch: RootEpoch) -> StatePlace {
        StatePlace("blob", anchor: blob.owner.anchor, epoch.number.bigEndianBytes, blob.digest)
    }

    private static func anchor(_ name: KeyName, _ project: ProjectID) -> [UInt8] {
        Array(project.text.utf8) + [0] + Array(name.text.utf8)
    }
}

extension WrappedBlob.Owner {
    fileprivate var anchor: [UInt8] {
        switch self {
        case .version(let version): version.key.bytes
        case .importJob(let job): job.bytes
        case .accessKey(let id): id.bytes
        }
    }

    /// The owner, for findings.
    var name: String {
        switch self {
        case .version(let version): "\(version)"
        case .importJob(let job): "import job \(job)"
        case .accessKey(let id): "access key \(id)"
        }
    }

    /// The owner as the digest of a blob's member covers it.
    var canonicalBytes: [UInt8] {
        var encoding = CanonicalEncoding(domain: "hsm-kms/state/blob-owner/1")
        switch self {
        case .version(let version):
            encoding.append(1, version.key.bytes)
            encoding.append(2, version.number.value)
        case .importJob(let job): encoding.append(3, job.bytes)
        case .accessKey(let id): encoding.append(4, id.bytes)
        }
        return encoding.bytes
    }
}

extension UInt32 {
    fileprivate var bigEndianBytes: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }
}
