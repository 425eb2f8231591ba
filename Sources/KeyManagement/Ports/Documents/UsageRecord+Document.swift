extension UsageRecord: DocumentRecord {
    static var recordKind: RecordKind { .usage }
    var recordPlace: RecordPlace { version.place }
    /// The reserved uses, which only grow.
    var documentRevision: UInt64 { reserved }
    var documentIndex: DocumentIndex { DocumentIndex(group: version.key.bytes) }
    var documentOwner: DocumentAddress? { .place(.version, version.place.bytes) }

    init?(document: SealedDocument) {
        guard let reader = CanonicalReader(document.content, domain: Self.sealDomain),
            let key = reader.bytes(1).flatMap({ KeyID(bytes: $0) }),
            let number = reader.number(2, as: UInt32.self).flatMap({ VersionNumber($0) }),
            let reserved: UInt64 = reader.number(3)
        else { return nil }
        self.init(version: VersionID(key: key, number: number), reserved: reserved)
    }
}
