extension StateShard: DocumentRecord {
    static var recordKind: RecordKind { .shard }
    var recordPlace: RecordPlace { index.place }
    var documentRevision: UInt64 { counter }
    var documentIndex: DocumentIndex { .none }

    init?(document: SealedDocument) {
        guard let reader = CanonicalReader(document.content, domain: Self.sealDomain),
            let index = reader.number(1, as: UInt32.self).flatMap({ ShardIndex(Int($0)) }),
            let counter: UInt64 = reader.number(2), let count: UInt64 = reader.number(3), let blind = reader.bytes(4),
            blind.count == Self.blindByteCount, let sum = reader.bytes(5), sum.count == Self.sumByteCount
        else { return nil }
        self.init(index: index, counter: counter, count: count, blind: blind, sum: sum)
    }
}

extension ShardIndex {
    var place: RecordPlace { RecordPlace(.number(Int64(number))) }

    /// The address of the shard's document.
    package var address: DocumentAddress { .place(.shard, place.bytes) }
}
