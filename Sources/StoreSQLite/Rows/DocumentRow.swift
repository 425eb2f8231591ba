import Foundation
import GRDB
import KeyManagement

/// The row of a document in the table `document`.
enum DocumentRow {
    static let columns = """
        kind, place, revision, seal_epoch, seal, wrap_epoch, name, group_key, label, rotation_at, end_at, expiry_at, details, content,
        fixed
        """

    static let insert = """
        INSERT INTO document (\(columns)) VALUES (
            :kind, :place, :revision, :seal_epoch, :seal, :wrap_epoch, :name, :group_key, :label, :rotation_at, :end_at, :expiry_at,
            :details, :content, :fixed)
        """

    /// The statement that replaces a document of a revision.
    static let replace = """
        UPDATE document SET
            revision = :revision, seal_epoch = :seal_epoch, seal = :seal, wrap_epoch = :wrap_epoch, name = :name,
            group_key = :group_key, label = :label, rotation_at = :rotation_at, end_at = :end_at, expiry_at = :expiry_at,
            details = :details, content = :content
        WHERE kind = :kind AND place = :place AND revision = :from AND fixed IS :fixed
        """

    /// The statement that gives a document a new seal, and a new wrapped key if it has one, if it still has the seal that was read.
    static let reseal = """
        UPDATE document SET
            revision = :revision, seal_epoch = :seal_epoch, seal = :seal, wrap_epoch = :wrap_epoch, content = :content
        WHERE kind = :kind AND place = :place AND seal_epoch = :old_epoch AND seal = :old_seal
        """

    static func arguments(of write: DocumentWrite) throws(StoreError) -> StatementArguments {
        let document = write.document
        let index = document.index
        return try resealArguments(of: document) &+ [
            "name": index.name.map { Data($0) },
            "group_key": index.group.map { Data($0) },
            "label": index.label.map { Data($0) },
            "rotation_at": index.due.rotation?.milliseconds,
            "end_at": index.due.end?.milliseconds,
            "expiry_at": index.due.expiry?.milliseconds,
            "details": document.details.map { Data($0) },
            "fixed": document.fixed.map { Data($0) },
        ]
    }

    /// Returns the arguments that ``reseal`` has in common with the other statements.
    static func resealArguments(of document: SealedDocument) throws(StoreError) -> StatementArguments {
        guard let revision = Int64(exactly: document.revision) else { throw document.malformed("revision") }
        return [
            "kind": document.kind.rawValue,
            "place": Data(document.place),
            "revision": revision,
            "seal_epoch": document.seal.epoch.number,
            "seal": Data(document.seal.code),
            "wrap_epoch": document.wrapEpoch?.number,
            "content": Data(document.content),
        ]
    }

    /// Reads all rows of a statement, without a copy of each.
    static func documents(_ statement: Statement, _ arguments: StatementArguments) throws -> [SealedDocument] {
        let rows = try Row.fetchCursor(statement, arguments: arguments)
        var documents: [SealedDocument] = []
        while let row = try rows.next() { documents.append(try document(row)) }
        return documents
    }

    /// Reads the first row of a statement; nil if there is none.
    static func document(_ statement: Statement, _ arguments: StatementArguments) throws -> SealedDocument? {
        let rows = try Row.fetchCursor(statement, arguments: arguments)
        // The row is valid as long as its cursor.
        return try withExtendedLifetime(rows) { try rows.next().map { try document($0) } }
    }

    /// Reads the columns by their numbers. Anyone with write access to the database can put any value into any column.
    static func document(_ row: Row) throws -> SealedDocument {
        guard case .string(let name) = (row[0] as DatabaseValue).storage, let kind = RecordKind(rawValue: name),
            case .blob(let place) = (row[1] as DatabaseValue).storage
        else {
            throw StoreError.malformed("a document (kind)")
        }
        func malformed(_ column: String) -> StoreError { .malformed("\(kind.name(of: Array(place))) (\(column))") }
        // SQLite compares a text and a blob of the same bytes as different, so a column of another type is not found by its value.
        for (column, name) in [(6, "name"), (7, "group_key"), (8, "label"), (12, "details"), (14, "fixed")] {
            switch (row[column] as DatabaseValue).storage {
            case .null, .blob: break
            case .int64, .double, .string: throw malformed(name)
            }
        }
        guard let revision = try integer(row, 2).flatMap({ UInt64(exactly: $0) }) else { throw malformed("revision") }
        guard let epoch = try epoch(row, 3) else { throw malformed("seal_epoch") }
        guard let code = try bytes(row, 4), code.count == Seal.byteCount else { throw malformed("seal") }
        let wrapEpoch = try Self.epoch(row, 5)
        guard wrapEpoch != nil || row.hasNull(atIndex: 5) else { throw malformed("wrap_epoch") }
        guard let content = try bytes(row, 13), content.count <= SealedDocument.maxLength else {
            throw malformed("content")
        }
        return SealedDocument(
            kind: kind, place: Array(place), revision: revision, content: content, details: try bytes(row, 12),
            fixed: try bytes(row, 14), seal: Seal(epoch: epoch, code: code), wrapEpoch: wrapEpoch,
            index: DocumentIndex(
                name: try bytes(row, 6), group: try bytes(row, 7), label: try bytes(row, 8),
                due: DueTimes(
                    rotation: try integer(row, 9).map { Timestamp(milliseconds: $0) },
                    end: try integer(row, 10).map { Timestamp(milliseconds: $0) },
                    expiry: try integer(row, 11).map { Timestamp(milliseconds: $0) })))
    }

    private static func bytes(_ row: Row, _ column: Int) throws -> [UInt8]? {
        try row.withUnsafeData(atIndex: column) { $0.map { Array($0) } }
    }

    /// Returns an integer; nil for NULL and for a value of another type.
    private static func integer(_ row: Row, _ column: Int) throws -> Int64? {
        guard case .int64(let number) = (row[column] as DatabaseValue).storage else { return nil }
        return number
    }

    private static func epoch(_ row: Row, _ column: Int) throws -> RootEpoch? {
        try integer(row, column).flatMap { UInt32(exactly: $0) }.flatMap { RootEpoch($0) }
    }
}
