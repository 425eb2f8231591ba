/// The address of one document.
package enum DocumentAddress: Hashable, Sendable {
    case place(RecordKind, [UInt8])
    /// The document with this ``DocumentIndex/name``.
    case name([UInt8])
}

/// A page of documents of one kind.
package struct DocumentQuery: Hashable, Sendable {
    /// The documents to select, and their order.
    package enum Selection: Hashable, Sendable {
        /// All, in the order of their places.
        case all
        /// Those that have a name, in the order of their names.
        case names
        /// Those with this label, in the order of their places.
        case label([UInt8])
        /// Those that belong to this key, in the order of their places.
        case group([UInt8])
    }

    package let kind: RecordKind
    package let selection: Selection
    /// The place, or the name in the order of names, after which the page begins. Bytes are compared.
    package let after: [UInt8]
    /// The place or name before which the documents end; `nil` for no end.
    package let before: [UInt8]?
    /// True for the reverse order.
    package let isDescending: Bool
    /// If given, only documents that are sealed or wrapped under an epoch before this one.
    package let epoch: RootEpoch?
    package let limit: Int

    package init(
        _ kind: RecordKind, _ selection: Selection = .all, after: [UInt8] = [], before: [UInt8]? = nil,
        isDescending: Bool = false, olderThan epoch: RootEpoch? = nil, limit: Int
    ) {
        self.kind = kind
        self.selection = selection
        self.after = after
        self.before = before
        self.isDescending = isDescending
        self.epoch = epoch
        self.limit = max(0, limit)
    }
}

/// A document for which a task is due.
package struct DueDocument: Hashable, Sendable {
    package let place: [UInt8]
    package let time: Timestamp

    package init(place: [UInt8], time: Timestamp) {
        self.place = place
        self.time = time
    }
}

/// The shard of the state digest with all its members, read in one transaction.
package struct ShardDocument: Sendable {
    /// The shard; `nil` if it has never had a member.
    package let shard: SealedDocument?
    package let members: [StateMember]

    package init(shard: SealedDocument?, members: [StateMember]) {
        self.shard = shard
        self.members = members
    }
}

/// All shards of the state digest and the number of records, read in one transaction.
package struct ShardDocuments: Sendable {
    /// The shards in their order.
    package let shards: [SealedDocument]
    /// The number of documents except shards, of keys once more for their names, and of digests of wrapped keys.
    package let records: UInt64

    package init(shards: [SealedDocument], records: UInt64) {
        self.shards = shards
        self.records = records
    }
}

extension [UInt8] {
    /// The first byte string after all those that begin with this one; `nil` if there is none.
    var endOfPrefix: [UInt8]? {
        var end = self
        while let last = end.popLast() {
            guard last < .max else { continue }
            return end + [last + 1]
        }
        return nil
    }
}
