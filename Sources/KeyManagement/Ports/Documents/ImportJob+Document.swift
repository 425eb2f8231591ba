extension ImportJob: DocumentRecord {
    static var recordKind: RecordKind { .importJob }
    var recordPlace: RecordPlace { RecordPlace(.bytes(id.bytes)) }
    var documentIndex: DocumentIndex { DocumentIndex(due: DueTimes(end: expiresAt)) }
    var documentWrapped: WrappedKey? { wrapped }
    var documentBlobOwner: WrappedBlob.Owner? { .importJob(id) }

    init?(document: SealedDocument) {
        guard let reader = CanonicalReader(document.content, domain: Self.sealDomain),
            let id = reader.bytes(1).flatMap({ ImportJobID(bytes: $0) }),
            let project = reader.text(2).flatMap({ try? ProjectID($0) }),
            let subject = reader.text(3).flatMap({ try? SubjectID($0) }),
            let wrappingAlgorithm: KeyAlgorithm = reader.member(4), let method: ImportMethod = reader.member(5),
            let publicKey = reader.bytes(6), let wrapped = reader.wrappedKey(epoch: 7, mechanism: 8, blob: 9),
            let createdAt = reader.time(10), let expiresAt = reader.time(11)
        else { return nil }
        self.init(
            id: id, project: project, subject: subject, wrappingAlgorithm: wrappingAlgorithm, method: method,
            publicKey: PublicKeyInfo(der: publicKey), wrapped: wrapped, createdAt: createdAt, expiresAt: expiresAt)
    }
}
