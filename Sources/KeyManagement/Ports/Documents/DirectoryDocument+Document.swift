extension DirectoryDocument: DocumentRecord {
    static var recordKind: RecordKind { .document }
    var recordPlace: RecordPlace { Self.place(kind, key) }
    var documentRevision: UInt64 { revision }
    var documentIndex: DocumentIndex { DocumentIndex(label: Self.label(kind, parent)) }
    var documentWrapped: WrappedKey? { wrapped }
    var documentBlobOwner: WrappedBlob.Owner? { wrappedOwner }
    /// A document keeps its parent.
    var documentFixed: [UInt8]? { Self.label(kind, parent) }

    static func place(_ kind: DirectoryKind, _ key: String) -> RecordPlace {
        RecordPlace(.text(kind.rawValue), .text(key))
    }

    /// Returns the label that the documents of a parent share.
    static func label(_ kind: DirectoryKind, _ parent: String) -> [UInt8] { place(kind, parent).bytes }

    /// Reads a document. The record in its content is read, and compared with the columns, when it is used.
    init?(document: SealedDocument) {
        guard document.content.count <= Self.maxContentLength, let (kind, key) = Self.parts(document.place),
            let label = document.index.label, let (labelKind, parent) = Self.parts(label), labelKind == kind,
            !key.isEmpty
        else { return nil }
        self.init(kind: kind, key: key, parent: parent, revision: document.revision, content: document.content)
    }

    private static func parts(_ bytes: [UInt8]) -> (DirectoryKind, String)? {
        guard let end = bytes.firstIndex(of: 0),
            let kind = String(validating: bytes[..<end], as: UTF8.self).flatMap({ DirectoryKind(rawValue: $0) }),
            let text = String(validating: bytes[(end + 1)...], as: UTF8.self)
        else { return nil }
        return (kind, text)
    }
}
