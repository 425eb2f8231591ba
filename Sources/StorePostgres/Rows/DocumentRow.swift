import KeyManagement

/// The row of a document in the table `kms.document`.
enum DocumentRow {
    static let columns = """
        kind, place, revision, seal_epoch, seal, wrap_epoch, name, group_key, label, rotation_at, end_at, expiry_at, details, content, fixed
        """

    /// The statement that adds a document; it adds none if its place or name is taken.
    static let insert = """
        INSERT INTO kms.document (\(columns)) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        ON CONFLICT DO NOTHING
        """

    /// The statement that replaces a document of the revision $16.
    static let replace = """
        UPDATE kms.document SET
            revision = $3, seal_epoch = $4, seal = $5, wrap_epoch = $6, name = $7, group_key = $8, label = $9, rotation_at = $10,
            end_at = $11, expiry_at = $12, details = $13, content = $14
        WHERE kind = $1 AND place = $2 AND revision = $16 AND fixed IS NOT DISTINCT FROM $15
        """

    /// The statement that gives a document a new seal, and a new wrapped key if it has one, if it still has the seal that was read.
    static let reseal = """
        UPDATE kms.document SET revision = $3, seal_epoch = $4, seal = $5, wrap_epoch = $6, content = $7
        WHERE kind = $1 AND place = $2 AND seal_epoch = $8 AND seal = $9
        """

    static func parameters(of document: SealedDocument) throws(StoreError) -> [Parameter] {
        let index = document.index
        return try head(of: document) + [
            .optional(index.name), .optional(index.group), .optional(index.label),
            .optional(index.due.rotation?.milliseconds), .optional(index.due.end?.milliseconds),
            .optional(index.due.expiry?.milliseconds), .optional(document.details), .bytes(document.content),
            .optional(document.fixed),
        ]
    }

    /// Returns the parameters of ``reseal``.
    static func parameters(of document: SealedDocument, replacing seal: Seal) throws(StoreError) -> [Parameter] {
        try head(of: document) + [.bytes(document.content), .integer(seal.epoch.number), .bytes(seal.code)]
    }

    private static func head(of document: SealedDocument) throws(StoreError) -> [Parameter] {
        guard let revision = Int64(exactly: document.revision) else { throw document.malformed("revision") }
        return [
            .text(document.kind.rawValue), .bytes(document.place), .integer(revision),
            .integer(document.seal.epoch.number), .bytes(document.seal.code),
            .optional(document.wrapEpoch.map { Int64($0.number) }),
        ]
    }

    /// Reads all rows, from the column `first` on.
    static func documents(_ rows: ResultRows, from first: Int = 0) throws(StoreError) -> [SealedDocument] {
        var documents: [SealedDocument] = []
        for row in 0..<rows.count { documents.append(try document(rows, row, from: first)) }
        return documents
    }

    /// Reads one row. Anyone with write access to the database can put any value into any column, and alter the columns.
    static func document(_ rows: ResultRows, _ row: Int, from first: Int = 0) throws(StoreError) -> SealedDocument {
        guard let kind = rows.text(row, first).flatMap({ RecordKind(rawValue: $0) }),
            let place = rows.bytes(row, first + 1)
        else { throw .malformed("a document (kind)") }
        func malformed(_ column: String) -> StoreError { .malformed("\(kind.name(of: place)) (\(column))") }
        func integer(_ column: Int, _ name: String) throws(StoreError) -> Int64? {
            if rows.isNull(row, first + column) { return nil }
            guard let number = rows.integer(row, first + column) else { throw malformed(name) }
            return number
        }
        func epoch(_ column: Int, _ name: String) throws(StoreError) -> RootEpoch? {
            guard let number = try integer(column, name) else { return nil }
            guard let epoch = UInt32(exactly: number).flatMap({ RootEpoch($0) }) else { throw malformed(name) }
            return epoch
        }
        func time(_ column: Int, _ name: String) throws(StoreError) -> Timestamp? {
            try integer(column, name).map { Timestamp(milliseconds: $0) }
        }
        guard let revision = try integer(2, "revision").flatMap({ UInt64(exactly: $0) }) else {
            throw malformed("revision")
        }
        guard let sealEpoch = try epoch(3, "seal_epoch") else { throw malformed("seal_epoch") }
        guard let code = rows.bytes(row, first + 4), code.count == Seal.byteCount else { throw malformed("seal") }
        guard let content = rows.bytes(row, first + 13), content.count <= SealedDocument.maxLength else {
            throw malformed("content")
        }
        return SealedDocument(
            kind: kind, place: place, revision: revision, content: content, details: rows.bytes(row, first + 12),
            fixed: rows.bytes(row, first + 14), seal: Seal(epoch: sealEpoch, code: code),
            wrapEpoch: try epoch(5, "wrap_epoch"),
            index: DocumentIndex(
                name: rows.bytes(row, first + 6), group: rows.bytes(row, first + 7), label: rows.bytes(row, first + 8),
                due: DueTimes(
                    rotation: try time(9, "rotation_at"), end: try time(10, "end_at"),
                    expiry: try time(11, "expiry_at"))))
    }
}
