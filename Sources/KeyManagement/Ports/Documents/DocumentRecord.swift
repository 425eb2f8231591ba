/// A record that a store keeps as a ``SealedDocument``.
protocol DocumentRecord: Sealable {
    static var recordKind: RecordKind { get }
    var recordPlace: RecordPlace { get }
    /// The number that grows with each change; 1 for a record that never changes.
    var documentRevision: UInt64 { get }
    /// The parts that the seal does not cover; `nil` if there are none.
    var documentDetails: [UInt8]? { get }
    var documentIndex: DocumentIndex { get }
    var documentWrapped: WrappedKey? { get }
    var documentBlobOwner: WrappedBlob.Owner? { get }
    /// The parts that never change, as bytes; `nil` if the store does not check them.
    var documentFixed: [UInt8]? { get }
    /// The document that must exist when this one is written; `nil` if there is none.
    var documentOwner: DocumentAddress? { get }

    /// Reads a record; `nil` if the document is not one. The caller compares the columns and the canonical form.
    init?(document: SealedDocument)
}

extension DocumentRecord {
    var documentRevision: UInt64 { 1 }
    var documentDetails: [UInt8]? { nil }
    var documentWrapped: WrappedKey? { nil }
    var documentBlobOwner: WrappedBlob.Owner? { nil }
    var documentFixed: [UInt8]? { nil }
    var documentOwner: DocumentAddress? { nil }
}

extension Sealed where Content: DocumentRecord {
    /// The record as a store keeps it.
    var document: SealedDocument {
        let record = unverified
        return SealedDocument(
            kind: Content.recordKind, place: record.recordPlace.bytes, revision: record.documentRevision,
            content: record.canonicalBytes, details: record.documentDetails, fixed: record.documentFixed,
            seal: seal,
            wrapEpoch: record.documentWrapped?.epoch, index: record.documentIndex)
    }

    /// The record as a change writes it.
    var write: DocumentWrite {
        let record = unverified
        var blob: WrappedBlob?
        if let wrapped = record.documentWrapped, let owner = record.documentBlobOwner {
            blob = WrappedBlob(digest: wrapped.digest, owner: owner)
        }
        return DocumentWrite(
            document: document, blob: blob, owner: record.documentOwner)
    }
}

extension SealedDocument {
    /// Reads the record in the document.
    ///
    /// - Throws: ``StoreError/malformed(_:)`` if the content is not a record of this type in its canonical form, or a column does not
    ///   agree with it.
    func record<Record: DocumentRecord>(_ type: Record.Type = Record.self) throws(StoreError) -> Sealed<Record> {
        guard kind == Record.recordKind else { throw malformed("kind") }
        guard let record = Record(document: self), record.canonicalBytes == content else { throw malformed("content") }
        guard record.recordPlace.bytes == place else { throw malformed("place") }
        guard record.documentRevision == revision else { throw malformed("revision") }
        guard record.documentDetails == details else { throw malformed("details") }
        guard record.documentFixed == fixed else { throw malformed("fixed") }
        guard record.documentIndex == index else { throw malformed("index") }
        guard record.documentWrapped?.epoch == wrapEpoch else { throw malformed("wrap_epoch") }
        return Sealed(unverified: record, seal: seal)
    }

    /// Returns the failure that names the record and its wrong part.
    package func malformed(_ part: String) -> StoreError { .malformed("\(kind.name(of: place)) (\(part))") }
}

extension RecordKind {
    /// Returns the description of a record, for an operator.
    package func name(of place: [UInt8]) -> String {
        switch self {
        case .key: KeyID(bytes: place).map { "key \($0)" } ?? "a key"
        case .version: VersionID(place: place)?.description ?? "a version"
        case .usage: VersionID(place: place).map { "the usage of \($0)" } ?? "the usage of a version"
        case .importJob: ImportJobID(bytes: place).map { "import job \($0)" } ?? "an import job"
        case .tombstone: KeyID(bytes: place).map { "the tombstone of key \($0)" } ?? "a tombstone"
        case .document: String(decoding: place.map { $0 == 0 ? 0x20 : $0 }, as: UTF8.self)
        case .alias: "the alias " + String(decoding: place.drop { $0 != 0 }.dropFirst(), as: UTF8.self)
        case .answer: "a stored answer"
        case .shard: "shard \(place.reduce(0) { $0 &<< 8 | UInt64($1) }) of the state digest"
        }
    }
}

extension VersionID {
    /// Reads the ``RecordPlace/bytes`` of a version; `nil` if they are not those of one.
    init?(place: [UInt8]) {
        guard place.count == KeyID.byteCount + 4, let key = KeyID(bytes: place.prefix(KeyID.byteCount)),
            let number = VersionNumber(place.suffix(4).reduce(0) { $0 << 8 | UInt32($1) })
        else { return nil }
        self.init(key: key, number: number)
    }

    package var place: RecordPlace { RecordPlace(.bytes(key.bytes), .number(Int64(number.value))) }
}

extension StoredRecord {
    /// Reads a document of any kind.
    ///
    /// - Throws: ``StoreError/malformed(_:)`` if its content is not a record in its canonical form, or a column does not agree with it.
    package init(_ document: SealedDocument) throws(StoreError) {
        self =
            switch document.kind {
            case .document: .document(try document.record())
            case .key: .key(try document.record())
            case .version: .version(try document.record())
            case .alias: .alias(try document.record())
            case .usage: .usage(try document.record())
            case .importJob: .importJob(try document.record())
            case .answer: .answer(try document.record())
            case .tombstone: .tombstone(try document.record())
            case .shard: .shard(try document.record())
            }
    }
}

extension StoredRecord {
    /// The record as a change writes it.
    package var write: DocumentWrite {
        switch self {
        case .document(let record): record.write
        case .key(let record): record.write
        case .version(let record): record.write
        case .alias(let record): record.write
        case .usage(let record): record.write
        case .importJob(let record): record.write
        case .answer(let record): record.write
        case .tombstone(let record): record.write
        case .shard(let record): record.write
        }
    }
}
