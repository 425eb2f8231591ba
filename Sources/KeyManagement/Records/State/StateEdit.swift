internal import Crypto

/// A change of one member of the state digest.
struct StateEdit: Sendable {
    let place: StatePlace
    /// SHA-256 of the record's canonical form; `nil` if the record is removed.
    let digest: [UInt8]?
    let replaced: Replaced

    /// The record that must be at the place before the change, so that a later record at the same place is not affected.
    enum Replaced: Hashable, Sendable {
        case anything
        /// The record of this digest; with `nil`, none.
        case only(digest: [UInt8]?)

        static func record(_ record: (some StatefulRecord)?) -> Replaced { .only(digest: record?.stateDigest) }
    }

    init(_ place: StatePlace, _ digest: [UInt8]?, replacing replaced: Replaced = .anything) {
        self.place = place
        self.digest = digest
        self.replaced = replaced
    }

    /// Returns the edits that store a record, new or changed.
    static func store(_ record: some StatefulRecord, replacing replaced: Replaced = .anything) -> [StateEdit] {
        [StateEdit(record.statePlace, record.stateDigest, replacing: replaced)] + record.blobEdits
    }

    /// Returns the edits that remove exactly this record.
    static func remove(_ record: some StatefulRecord) -> [StateEdit] {
        [StateEdit(record.statePlace, nil, replacing: .record(record))]
    }

    /// Returns the edit for a key with a new name.
    static func name(of key: KeyRecord) -> StateEdit {
        StateEdit(.name(key.name, in: key.project), StateDigest.digest(of: key.id.bytes))
    }

    /// Returns the edit for a key that gives up its name.
    static func removedName(of key: KeyRecord) -> StateEdit { StateEdit(.name(key.name, in: key.project), nil) }

    /// Returns the edits for the digest of a wrapped key, which stays when the key is gone.
    static func blob(_ wrapped: WrappedKey?, of owner: WrappedBlob.Owner?) -> [StateEdit] {
        guard let wrapped, let owner else { return [] }
        let blob = WrappedBlob(digest: wrapped.digest, owner: owner)
        return [StateEdit(.blob(blob, under: wrapped.epoch), blob.stateDigest)]
    }
}

/// A record that is a member of the state digest.
protocol StatefulRecord: Sealable {
    var statePlace: StatePlace { get }
    /// SHA-256 of the canonical form, with the unsealed parts of the record if it has any: 32 bytes.
    var stateDigest: [UInt8] { get }
    /// The members that are stored with the record: digests of wrapped keys.
    var blobEdits: [StateEdit] { get }
}

extension StatefulRecord {
    var stateDigest: [UInt8] { StateDigest.digest(of: canonicalBytes) }

    var blobEdits: [StateEdit] { [] }

    /// The claim that the record is the newest.
    var stateClaim: StateClaim { StateClaim(statePlace, stateDigest, sealedName) }
}

extension KeyRecord: StatefulRecord {
    var statePlace: StatePlace { .key(id) }

    /// The digest, which also covers the name, the description and the tags, which are not sealed.
    var stateDigest: [UInt8] {
        var encoding = CanonicalEncoding(domain: "hsm-kms/state/key/1")
        encoding.append(1, canonicalBytes)
        encoding.append(2, name.text)
        encoding.append(3, description.text)
        for (name, value) in tags.pairs.sorted {
            encoding.append(4, name)
            encoding.append(5, value)
        }
        return StateDigest.digest(of: encoding.bytes)
    }
}

extension VersionRecord: StatefulRecord {
    var statePlace: StatePlace { .version(id) }
    var blobEdits: [StateEdit] { StateEdit.blob(life.wrapped, of: .version(id)) }
}

extension AliasRecord: StatefulRecord {
    var statePlace: StatePlace { .alias(name, in: project) }
}

extension DirectoryDocument: StatefulRecord {
    var statePlace: StatePlace { .document(kind, key) }
    var blobEdits: [StateEdit] { StateEdit.blob(wrapped, of: wrappedOwner) }
}

extension UsageRecord: StatefulRecord {
    var statePlace: StatePlace { .usage(version) }
}

extension ImportJob: StatefulRecord {
    var statePlace: StatePlace { .importJob(id) }
    var blobEdits: [StateEdit] { StateEdit.blob(wrapped, of: .importJob(id)) }
}

extension IdempotentAnswer: StatefulRecord {
    var statePlace: StatePlace { .answer(id) }
}

extension KeyTombstone: StatefulRecord {
    var statePlace: StatePlace { .tombstone(id) }
}

extension WrappedBlob {
    /// The digest of the blob's member: 32 bytes over its owner.
    var stateDigest: [UInt8] { StateDigest.digest(of: owner.canonicalBytes) }
}

extension StoredRecord {
    /// The record as a member of the state digest; `nil` for a shard, which is not a member of another.
    var stateful: (any StatefulRecord)? {
        switch self {
        case .document(let record): record.unverified
        case .key(let record): record.unverified
        case .version(let record): record.unverified
        case .alias(let record): record.unverified
        case .usage(let record): record.unverified
        case .importJob(let record): record.unverified
        case .answer(let record): record.unverified
        case .tombstone(let record): record.unverified
        case .shard: nil
        }
    }
}

/// The claim that the newest record at a place has this digest, or that the place is empty.
struct StateClaim: Hashable, Sendable {
    let place: StatePlace
    let digest: [UInt8]?
    /// The description of the record, for an operator who reads that the claim is wrong.
    let name: String

    init(_ place: StatePlace, _ digest: [UInt8]?, _ name: String) {
        self.place = place
        self.digest = digest
        self.name = name
    }

    /// Returns the claim that there is no record.
    static func absent(_ place: StatePlace, _ name: String) -> StateClaim { StateClaim(place, nil, name) }
}
