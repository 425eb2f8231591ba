extension IdempotentAnswer: DocumentRecord {
    static var recordKind: RecordKind { .answer }
    var recordPlace: RecordPlace { RecordPlace(.bytes(id.bytes)) }
    var documentIndex: DocumentIndex { DocumentIndex(due: DueTimes(end: createdAt)) }

    init?(document: SealedDocument) {
        guard let reader = CanonicalReader(document.content, domain: Self.sealDomain), let id = reader.bytes(1),
            id.count == 32, let requestDigest = reader.bytes(2), requestDigest.count == 32,
            let answer = reader.bytes(3), let createdAt = reader.time(4)
        else { return nil }
        self.init(
            id: IdempotentRequestID(bytes: id), requestDigest: requestDigest, answer: answer, createdAt: createdAt)
    }
}
