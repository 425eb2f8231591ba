extension AliasRecord: DocumentRecord {
    static var recordKind: RecordKind { .alias }
    var recordPlace: RecordPlace { Self.place(name, in: project) }
    var documentRevision: UInt64 { revision }
    var documentIndex: DocumentIndex { DocumentIndex(name: name.documentName(in: project), group: key.bytes) }
    var documentOwner: DocumentAddress? { .place(.key, key.bytes) }

    static func place(_ name: KeyName, in project: ProjectID) -> RecordPlace {
        RecordPlace(.text(project.text), .text(name.text))
    }

    init?(document: SealedDocument) {
        guard let reader = CanonicalReader(document.content, domain: Self.sealDomain),
            let project = reader.text(1).flatMap({ try? ProjectID($0) }),
            let name = reader.text(2).flatMap({ try? KeyName(alias: $0) }),
            let key = reader.bytes(3).flatMap({ KeyID(bytes: $0) }), let revision: UInt64 = reader.number(4),
            let changedAt = reader.time(5)
        else { return nil }
        self.init(
            project: project, name: name, key: key, revision: revision, changedAt: changedAt, createdAt: reader.time(6))
    }
}
