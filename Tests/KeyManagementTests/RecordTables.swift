import Foundation
import GRDB

@testable import KeyManagement

/// The sealed records as tables with a column for each field, for tests that act as an attacker with an SQL shell.
///
/// Each table is a view. A change of a field changes the content of the document, and the columns by which it is found agree with the
/// new content, so that only the seal and the state digest tell the difference.
struct RecordTable: Sendable {
    /// The form of a field in the canonical content.
    enum Field: Sendable {
        case text(UInt8), blob(UInt8), int32(UInt8), int64(UInt8)
        /// A field of one byte; 0 for one that is absent.
        case flag(UInt8)
        /// A JSON list of texts.
        case texts(UInt8)
        /// The name, the description and the tags of a key, which its seal does not cover.
        case name, description, tags
    }

    let name: String
    let kind: RecordKind
    let domain: String
    /// The columns of the place.
    let place: [String]
    let columns: [(name: String, field: Field)]

    static let all = [
        RecordTable(
            name: "key", kind: .key, domain: KeyRecord.sealDomain, place: ["id"],
            columns: [
                ("id", .blob(2)), ("project_id", .text(1)), ("name", .name), ("description", .description),
                ("algorithm", .text(3)), ("origin", .text(5)), ("availability", .text(6)), ("ledger", .blob(8)),
                ("revision", .int64(7)), ("created_at", .int64(9)), ("changed_at", .int64(10)), ("usage", .text(4)),
                ("tags", .tags), ("rotation_days", .int32(11)), ("rotation_due_at", .int64(12)),
                ("rotated_at", .int64(13)), ("availability_reason", .text(14)), ("availability_comment", .text(15)),
                ("service", .text(16)), ("owner", .text(17)), ("restricted", .flag(18)),
                ("allowed_subjects", .texts(19)), ("allowed_groups", .texts(20)), ("deletion_due_at", .int64(21)),
                ("material_expires_at", .int64(22)), ("default_expires_at", .int64(23)),
                ("policy_statements", .texts(30)), ("policy_document", .text(31)),
            ]),
        RecordTable(
            name: "version", kind: .version, domain: VersionRecord.sealDomain, place: ["key_id", "number"],
            columns: [
                ("key_id", .blob(2)), ("number", .int32(3)), ("project_id", .text(1)), ("algorithm", .text(4)),
                ("origin", .text(6)), ("state", .text(7)), ("state_counter", .int64(8)), ("wrap_mechanism", .text(12)),
                ("wrap_epoch", .int32(11)), ("wrapped_key", .blob(13)), ("destroy_due_at", .int64(14)),
                ("blob_digest", .blob(15)), ("created_at", .int64(9)), ("changed_at", .int64(10)), ("usage", .text(5)),
                ("public_key", .blob(16)), ("check_value", .blob(17)), ("reason", .text(18)), ("comment", .text(19)),
                ("cause", .text(20)), ("material_expires_at", .int64(21)),
            ]),
        RecordTable(
            name: "alias", kind: .alias, domain: AliasRecord.sealDomain, place: ["project_id", "name"],
            columns: [
                ("project_id", .text(1)), ("name", .text(2)), ("key_id", .blob(3)), ("revision", .int64(4)),
                ("changed_at", .int64(5)), ("created_at", .int64(6)),
            ]),
        RecordTable(
            name: "version_usage", kind: .usage, domain: UsageRecord.sealDomain, place: ["key_id", "number"],
            columns: [("key_id", .blob(1)), ("number", .int32(2)), ("reserved", .int64(3))]),
        RecordTable(
            name: "import_job", kind: .importJob, domain: ImportJob.sealDomain, place: ["id"],
            columns: [
                ("id", .blob(1)), ("project_id", .text(2)), ("subject", .text(3)), ("wrapping_algorithm", .text(4)),
                ("method", .text(5)), ("public_key", .blob(6)), ("wrap_epoch", .int32(7)), ("wrap_mechanism", .text(8)),
                ("wrapped_key", .blob(9)), ("created_at", .int64(10)), ("expires_at", .int64(11)),
            ]),
        RecordTable(
            name: "answer", kind: .answer, domain: IdempotentAnswer.sealDomain, place: ["id"],
            columns: [
                ("id", .blob(1)), ("request_digest", .blob(2)), ("answer", .blob(3)), ("created_at", .int64(4)),
            ]),
        RecordTable(
            name: "tombstone", kind: .tombstone, domain: KeyTombstone.sealDomain, place: ["key_id"],
            columns: [
                ("project_id", .text(1)), ("key_id", .blob(2)), ("name", .text(3)), ("record_digest", .blob(4)),
                ("deleted_at", .int64(5)),
            ]),
        RecordTable(
            name: "state_shard", kind: .shard, domain: StateShard.sealDomain, place: ["shard"],
            columns: [
                ("shard", .int32(1)), ("counter", .int64(2)), ("member_count", .int64(3)), ("blind", .blob(4)),
                ("sum", .blob(5)),
            ]),
    ]

    /// Makes the tables on a connection.
    static func create(in db: Database) throws {
        db.add(function: fieldFunction)
        db.add(function: partFunction)
        for table in all { try db.execute(sql: table.sql) }
        try db.execute(sql: directory)
        // Keys once referred to a table of projects.
        try db.execute(sql: "CREATE TEMP TABLE project (id TEXT, created_at INTEGER)")
    }

    /// The columns of the document that follow from its content.
    private static let parts = [
        "place", "revision", "wrap_epoch", "name", "group_key", "label", "rotation_at", "end_at", "expiry_at",
        "details", "fixed", "content",
    ]

    private var sql: String {
        let fields = columns.map { "record_field('\(name)', '\($0.name)', content, details) AS \"\($0.name)\"" }
        let values = columns.map { "NEW.\"\($0.name)\"" }.joined(separator: ", ")
        func part(_ part: String) -> String { "record_part('\(name)', '\(part)', \(values))" }
        return """
            CREATE TEMP VIEW "\(name)" AS
            SELECT \(fields.joined(separator: ", ")), seal_epoch, seal, rowid AS document
            FROM main.document WHERE kind = '\(kind.rawValue)';
            CREATE TEMP TRIGGER "\(name)_delete" INSTEAD OF DELETE ON "\(name)"
            BEGIN DELETE FROM document WHERE rowid = OLD.document; END;
            CREATE TEMP TRIGGER "\(name)_update" INSTEAD OF UPDATE ON "\(name)" BEGIN
                UPDATE document SET seal_epoch = NEW.seal_epoch, seal = NEW.seal,
                    \(Self.parts.map { "\($0) = \(part($0))" }.joined(separator: ", "))
                WHERE rowid = OLD.document;
            END;
            CREATE TEMP TRIGGER "\(name)_insert" INSTEAD OF INSERT ON "\(name)" BEGIN
                INSERT INTO document (kind, seal_epoch, seal, \(Self.parts.joined(separator: ", ")))
                VALUES ('\(kind.rawValue)', NEW.seal_epoch, NEW.seal,
                    \(Self.parts.map(part).joined(separator: ", ")));
            END;
            """
    }

    private static let directory = """
        CREATE TEMP VIEW directory AS SELECT
            CAST(substr(place, 1, instr(place, x'00') - 1) AS TEXT) AS kind,
            CAST(substr(place, instr(place, x'00') + 1) AS TEXT) AS name,
            CAST(substr(label, instr(label, x'00') + 1) AS TEXT) AS parent,
            revision, content, seal_epoch, seal, wrap_epoch, fixed, rowid AS document
        FROM main.document WHERE kind = 'document';
        CREATE TEMP TRIGGER directory_delete INSTEAD OF DELETE ON directory
        BEGIN DELETE FROM document WHERE rowid = OLD.document; END;
        CREATE TEMP TRIGGER directory_update INSTEAD OF UPDATE ON directory BEGIN
            UPDATE document SET place = CAST(NEW.kind || x'00' || NEW.name AS BLOB),
                label = CAST(NEW.kind || x'00' || NEW.parent AS BLOB), revision = NEW.revision, content = NEW.content,
                seal_epoch = NEW.seal_epoch, seal = NEW.seal, wrap_epoch = NEW.wrap_epoch
            WHERE rowid = OLD.document;
        END;
        CREATE TEMP TRIGGER directory_insert INSTEAD OF INSERT ON directory BEGIN
            INSERT INTO document (kind, place, label, revision, content, seal_epoch, seal, wrap_epoch, fixed)
            VALUES ('document', CAST(NEW.kind || x'00' || NEW.name AS BLOB),
                CAST(NEW.kind || x'00' || NEW.parent AS BLOB), NEW.revision, NEW.content, NEW.seal_epoch, NEW.seal,
                NEW.wrap_epoch, NEW.fixed);
        END;
        """
}
