extension KeyTombstone: DocumentRecord {
    static var recordKind: RecordKind { .tombstone }
    var recordPlace: RecordPlace { RecordPlace(.bytes(id.bytes)) }
    var documentIndex: DocumentIndex { .none }

    init?(document: SealedDocument) {
        guard let reader = CanonicalReader(document.content, domain: Self.sealDomain),
            let project = reader.text(1).flatMap({ try? ProjectID($0) }),
            let id = reader.bytes(2).flatMap({ KeyID(bytes: $0) }),
            let name = reader.text(3).flatMap({ try? KeyName($0) }), let digest = reader.bytes(4), digest.count == 32,
            let deletedAt = reader.time(5)
        else { return nil }
        self.init(id: id, project: project, name: name, recordDigest: digest, deletedAt: deletedAt)
    }
}
