import GRDB
import KeyManagement

/// A table of sealed records in stores of before "2026-09 documents": its name, its columns, and the reader of its rows.
struct SealedTable: Sendable {
    let kind: RecordKind
    /// The name as SQL has it.
    let name: String
    let columns: String
    /// True if its rows have epochs of wrapped keys.
    var wraps = false
    /// True if the wrapped keys are in columns of their own.
    var wrapsInColumns = false
    let record: @Sendable (Row) throws -> StoredRecord

    static let all: [SealedTable] = [
        SealedTable(kind: .document, name: "directory", columns: DirectoryRow.columns, wraps: true) {
            .document(try DirectoryRow.record($0))
        },
        SealedTable(kind: .key, name: "\"key\"", columns: KeyRow.columns) { .key(try KeyRow.record($0)) },
        SealedTable(kind: .version, name: "version", columns: VersionRow.columns, wraps: true, wrapsInColumns: true) {
            .version(try VersionRow.record($0))
        },
        SealedTable(kind: .alias, name: "alias", columns: AliasRow.columns) { .alias(try AliasRow.record($0)) },
        SealedTable(kind: .usage, name: "version_usage", columns: UsageRow.columns) { .usage(try UsageRow.record($0)) },
        SealedTable(
            kind: .importJob, name: "import_job", columns: ImportJobRow.columns, wraps: true, wrapsInColumns: true
        ) { .importJob(try ImportJobRow.record($0)) },
        SealedTable(kind: .answer, name: "answer", columns: AnswerRow.columns) { .answer(try AnswerRow.record($0)) },
        SealedTable(kind: .tombstone, name: "tombstone", columns: TombstoneRow.columns) {
            .tombstone(try TombstoneRow.record($0))
        },
        SealedTable(kind: .shard, name: "state_shard", columns: StateRow.columns) {
            .shard(try StateRow.record($0))
        },
    ]

    static func of(_ kind: RecordKind) -> SealedTable? { all.first { $0.kind == kind } }

    /// The triggers that refuse rows under a closed epoch, whichever connection writes them.
    var guards: String { Self.guards(of: name, wraps: wraps) }

    /// Returns the triggers of a table.
    ///
    /// - Parameters:
    ///   - name: the name of the table.
    ///   - wraps: true if the table has epochs of wrapped keys in the schema at that point.
    static func guards(of name: String, wraps: Bool) -> String {
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
}
