import Foundation
import GRDB
import KeyManagement

/// A table of sealed records: its primary key, columns and epochs.
struct SealedTable: Sendable {
    let kind: RecordKind
    /// The name as SQL has it.
    let name: String
    /// The columns of the primary key.
    let place: [String]
    let columns: String
    /// The form in which its rows have wrapped keys.
    var wrapping = Wrapping.none
    let record: @Sendable (Row) throws -> StoredRecord

    static let all: [SealedTable] = [
        SealedTable(
            kind: .document, name: "directory", place: ["kind", "name"], columns: DirectoryRow.columns,
            wrapping: .inContent
        ) {
            .document(try DirectoryRow.record($0))
        },
        SealedTable(kind: .key, name: "\"key\"", place: ["id"], columns: KeyRow.columns) {
            .key(try KeyRow.record($0))
        },
        SealedTable(
            kind: .version, name: "version", place: ["key_id", "number"], columns: VersionRow.columns,
            wrapping: .inColumns
        ) { .version(try VersionRow.record($0)) },
        SealedTable(kind: .alias, name: "alias", place: ["project_id", "name"], columns: AliasRow.columns) {
            .alias(try AliasRow.record($0))
        },
        SealedTable(kind: .usage, name: "version_usage", place: ["key_id", "number"], columns: UsageRow.columns) {
            .usage(try UsageRow.record($0))
        },
        SealedTable(
            kind: .importJob, name: "import_job", place: ["id"], columns: ImportJobRow.columns,
            wrapping: .inColumns
        ) {
            .importJob(try ImportJobRow.record($0))
        },
        SealedTable(kind: .answer, name: "answer", place: ["id"], columns: AnswerRow.columns) {
            .answer(try AnswerRow.record($0))
        },
        SealedTable(kind: .tombstone, name: "tombstone", place: ["key_id"], columns: TombstoneRow.columns) {
            .tombstone(try TombstoneRow.record($0))
        },
        SealedTable(kind: .shard, name: "state_shard", place: ["shard"], columns: StateRow.columns) {
            .shard(try StateRow.record($0))
        },
    ]

    static func of(_ kind: RecordKind) -> SealedTable? { all.first { $0.kind == kind } }

    /// The form in which rows have wrapped keys.
    enum Wrapping {
        case none
        /// The wrapped key is in columns of its own.
        case inColumns
        /// Some rows have a wrapped key in their sealed content, and its epoch in a column beside it.
        case inContent
    }

    var wraps: Bool { wrapping != .none }

    /// The triggers that refuse rows under a closed epoch, whichever connection writes them.
    var guards: String { guards(wraps: wraps) }

    /// Returns the triggers.
    ///
    /// - Parameter wraps: true if the table has epochs of wrapped keys in the schema at that point.
    func guards(wraps: Bool) -> String {
        let table = name.filter { $0 != "\"" }
        let epoch = wraps ? "min(NEW.seal_epoch, coalesce(NEW.wrap_epoch, NEW.seal_epoch))" : "NEW.seal_epoch"
        return ["INSERT", "UPDATE"].map { event in
            """
            CREATE TRIGGER \(table)_epoch_\(event.lowercased()) BEFORE \(event) ON \(name)
            WHEN \(epoch) BETWEEN 1 AND (SELECT closed_through FROM token_binding)
            BEGIN SELECT RAISE(ABORT, 'the root epoch is closed'); END;
            """
        }.joined(separator: "\n")
    }

    /// The condition for rows that are sealed or wrapped under an epoch before `:epoch`.
    var isBefore: String { wraps ? "(seal_epoch < :epoch OR wrap_epoch < :epoch)" : "seal_epoch < :epoch" }

    /// Returns the statement that reads a page of the rows before an epoch.
    func select(afterPlace: Bool) -> String {
        let order = place.joined(separator: ", ")
        let marks = place.indices.map { ":p\($0)" }.joined(separator: ", ")
        let after = afterPlace ? "AND (\(order)) > (\(marks))" : ""
        return "SELECT \(columns) FROM \(name) WHERE \(isBefore) \(after) ORDER BY \(order) LIMIT :limit"
    }

    /// The statement that gives a row a new seal, if it still has the one that was read.
    var replace: String {
        let wrap =
            switch wrapping {
            case .none: ""
            case .inContent:
                """
                , wrap_epoch = coalesce(:wrap_epoch, wrap_epoch), content = coalesce(:content, content),
                revision = coalesce(:revision, revision)
                """
            case .inColumns:
                """
                , wrap_mechanism = coalesce(:mechanism, wrap_mechanism), wrap_epoch = coalesce(:wrap_epoch, wrap_epoch),
                wrapped_key = coalesce(:blob, wrapped_key)
                """
            }
        let at = place.indices.map { "\(place[$0]) = :p\($0)" }.joined(separator: " AND ")
        return """
            UPDATE \(name) SET seal_epoch = :new_epoch, seal = :new_seal \(wrap)
            WHERE \(at) AND seal_epoch = :old_epoch AND seal = :old_seal
            """
    }
}

extension RecordPlace {
    /// The parts of the key as arguments `:p0`, `:p1`, and so on.
    var arguments: StatementArguments {
        var arguments: StatementArguments = [:]
        for (index, part) in parts.enumerated() {
            let value: any DatabaseValueConvertible =
                switch part {
                case .text(let text): text
                case .number(let number): number
                case .bytes(let bytes): Data(bytes)
                }
            arguments += ["p\(index)": value]
        }
        return arguments
    }
}
