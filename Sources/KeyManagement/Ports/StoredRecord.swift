/// The number of records under an epoch.
package struct EpochUse: Hashable, Sendable {
    /// The number of versions, import jobs and access keys whose keys are wrapped under it.
    package var wrapped = 0
    /// The number of records of all kinds that are sealed under it.
    package var sealed = 0

    package init(wrapped: Int = 0, sealed: Int = 0) {
        self.wrapped = wrapped
        self.sealed = sealed
    }
}

/// The kinds of records that are sealed.
package enum RecordKind: String, Sendable, CaseIterable {
    case document, key, version, alias, usage, importJob, answer, tombstone, shard
}

/// The place of a record among those of its kind: its primary key.
package struct RecordPlace: Hashable, Sendable {
    /// A text, number or byte string, as the store compares it.
    package enum Part: Hashable, Sendable {
        case text(String), number(Int64), bytes([UInt8])
    }

    package let parts: [Part]

    package init(_ parts: Part...) {
        self.parts = parts
    }

    package init(_ parts: [Part]) {
        self.parts = parts
    }
}

/// A page of records of one kind.
package struct RecordPage: Sendable {
    package var records: [StoredRecord] = []
    /// The names of the records that are not in the form in which records are stored.
    package var unreadable: [String] = []
    /// The place after which the next page begins; `nil` if this page is not full.
    package var next: RecordPlace?

    package init() {}

    package var isEmpty: Bool { records.isEmpty && unreadable.isEmpty }
}

/// A record of any kind, as a store returns it.
package enum StoredRecord: Sendable {
    case document(Sealed<DirectoryDocument>)
    case key(Sealed<KeyRecord>)
    case version(Sealed<VersionRecord>)
    case alias(Sealed<AliasRecord>)
    case usage(Sealed<UsageRecord>)
    case importJob(Sealed<ImportJob>)
    case answer(Sealed<IdempotentAnswer>)
    case tombstone(Sealed<KeyTombstone>)
    case shard(Sealed<StateShard>)

    package var kind: RecordKind {
        switch self {
        case .document: .document
        case .key: .key
        case .version: .version
        case .alias: .alias
        case .usage: .usage
        case .importJob: .importJob
        case .answer: .answer
        case .tombstone: .tombstone
        case .shard: .shard
        }
    }

    package var content: any Sealable {
        switch self {
        case .document(let record): record.unverified
        case .key(let record): record.unverified
        case .version(let record): record.unverified
        case .alias(let record): record.unverified
        case .usage(let record): record.unverified
        case .importJob(let record): record.unverified
        case .answer(let record): record.unverified
        case .tombstone(let record): record.unverified
        case .shard(let record): record.unverified
        }
    }

    package var seal: Seal {
        switch self {
        case .document(let record): record.seal
        case .key(let record): record.seal
        case .version(let record): record.seal
        case .alias(let record): record.seal
        case .usage(let record): record.seal
        case .importJob(let record): record.seal
        case .answer(let record): record.seal
        case .tombstone(let record): record.seal
        case .shard(let record): record.seal
        }
    }

    /// The wrapped key that the record holds; `nil` if it holds none.
    package var wrapped: WrappedKey? {
        switch self {
        case .version(let record): record.unverified.life.wrapped
        case .importJob(let record): record.unverified.wrapped
        case .document(let record): record.unverified.wrapped
        case .key, .alias, .usage, .answer, .tombstone, .shard: nil
        }
    }

    /// The owner of the wrapped key that the record holds; `nil` for a kind that holds none.
    package var owner: WrappedBlob.Owner? {
        switch self {
        case .version(let record): .version(record.unverified.id)
        case .importJob(let record): .importJob(record.unverified.id)
        case .document(let record): record.unverified.wrappedOwner
        case .key, .alias, .usage, .answer, .tombstone, .shard: nil
        }
    }

    package var place: RecordPlace {
        switch self {
        case .document(let record): RecordPlace(.text(record.unverified.kind.rawValue), .text(record.unverified.key))
        case .key(let record): RecordPlace(.bytes(record.unverified.id.bytes))
        case .version(let record): RecordPlace(record.unverified.id)
        case .alias(let record): RecordPlace(.text(record.unverified.project.text), .text(record.unverified.name.text))
        case .usage(let record): RecordPlace(record.unverified.version)
        case .importJob(let record): RecordPlace(.bytes(record.unverified.id.bytes))
        case .answer(let record): RecordPlace(.bytes(record.unverified.id.bytes))
        case .tombstone(let record): RecordPlace(.bytes(record.unverified.id.bytes))
        case .shard(let record): RecordPlace(.number(Int64(record.unverified.index.number)))
        }
    }
}

extension RecordPlace {
    fileprivate init(_ version: VersionID) {
        self.init(.bytes(version.key.bytes), .number(Int64(version.number.value)))
    }
}

/// A new seal for a record, and a new wrapped key if it has one.
package struct SealReplacement: Sendable {
    /// The record as it was read.
    package let record: StoredRecord
    package let seal: Seal
    /// The new wrapped key; `nil` if the record's key does not change.
    package let wrapped: WrappedKey?

    package init(record: StoredRecord, seal: Seal, wrapped: WrappedKey?) {
        self.record = record
        self.seal = seal
        self.wrapped = wrapped
    }
}

/// A wrapped key that was once stored.
package struct WrappedBlob: Hashable, Sendable {
    package enum Owner: Hashable, Sendable {
        case version(VersionID)
        case importJob(ImportJobID)
        case accessKey(AccessKeyID)
    }

    /// SHA-256 of the blob.
    package let digest: [UInt8]
    package let owner: Owner

    package init(digest: [UInt8], owner: Owner) {
        self.digest = digest
        self.owner = owner
    }
}
