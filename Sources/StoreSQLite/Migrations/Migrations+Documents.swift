import GRDB
import KeyManagement

extension Migrations {
    /// Replaces the tables of the kinds of records by one table of documents.
    ///
    /// A row that is not a well-formed record fails the migration, and the store stays as it is.
    @Sendable static func addDocuments(_ db: Database) throws {
        try db.execute(
            sql: """
                -- Every sealed record: the bytes that its seal covers, and the columns by which it is found.
                CREATE TABLE document (
                    kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 32),
                    place BLOB NOT NULL CHECK (length(place) BETWEEN 1 AND 512),
                    revision INTEGER NOT NULL CHECK (revision >= 1),
                    seal_epoch INTEGER NOT NULL CHECK (seal_epoch BETWEEN 1 AND 4294967295),
                    seal BLOB NOT NULL CHECK (length(seal) = 32),
                    -- Under which epoch the key in the content is wrapped; null where there is none.
                    wrap_epoch INTEGER CHECK (wrap_epoch BETWEEN 1 AND 4294967295),
                    -- Unique among all documents: the names of keys and aliases, and the mark of a key's active version.
                    name BLOB CHECK (length(name) BETWEEN 1 AND 512),
                    -- The key that the document belongs to.
                    group_key BLOB CHECK (length(group_key) = 16),
                    label BLOB CHECK (length(label) BETWEEN 1 AND 512),
                    rotation_at INTEGER,
                    end_at INTEGER,
                    expiry_at INTEGER,
                    -- A digest of the parts that never change.
                    fixed BLOB CHECK (length(fixed) BETWEEN 1 AND 512),
                    -- The parts of a key that its seal does not cover.
                    details BLOB CHECK (length(details) BETWEEN 1 AND 65536),
                    content BLOB NOT NULL CHECK (length(content) BETWEEN 1 AND \(SealedDocument.maxLength)),
                    PRIMARY KEY (kind, place)
                ) STRICT;

                CREATE UNIQUE INDEX document_name ON document (name) WHERE name IS NOT NULL;
                CREATE INDEX document_kind_name ON document (kind, name) WHERE name IS NOT NULL;
                CREATE INDEX document_group ON document (group_key, kind, place) WHERE group_key IS NOT NULL;
                CREATE INDEX document_label ON document (kind, label, place) WHERE label IS NOT NULL;
                CREATE INDEX document_rotation ON document (kind, rotation_at) WHERE rotation_at IS NOT NULL;
                CREATE INDEX document_end ON document (kind, end_at) WHERE end_at IS NOT NULL;
                CREATE INDEX document_expiry ON document (kind, expiry_at) WHERE expiry_at IS NOT NULL;
                """)
        for table in SealedTable.all { try move(table, in: db) }
        try db.execute(sql: SealedTable.guards(of: "document", wraps: true))
        try db.execute(
            sql: """
                CREATE TABLE version_use (
                    key_id BLOB NOT NULL CHECK (length(key_id) = 16),
                    number INTEGER NOT NULL CHECK (number BETWEEN 1 AND 4294967295),
                    day INTEGER NOT NULL,
                    produced INTEGER NOT NULL CHECK (produced >= 0),
                    consumed INTEGER NOT NULL CHECK (consumed >= 0),
                    last_at INTEGER NOT NULL,
                    PRIMARY KEY (key_id, number, day)
                ) STRICT;
                INSERT INTO version_use SELECT key_id, number, day, produced, consumed, last_at FROM daily_use;
                CREATE INDEX version_use_day ON version_use (day);

                DROP TABLE daily_use;
                DROP TABLE version_usage;
                DROP TABLE alias;
                DROP TABLE version;
                DROP TABLE "key";
                DROP TABLE import_job;
                DROP TABLE answer;
                DROP TABLE tombstone;
                DROP TABLE state_shard;
                DROP TABLE directory;
                DROP TABLE project;
                """)
    }

    private static func move(_ table: SealedTable, in db: Database) throws {
        let insert = try db.makeStatement(sql: DocumentRow.insert)
        let rows = try Row.fetchCursor(db, sql: "SELECT \(table.columns) FROM \(table.name)")
        while let row = try rows.next() {
            try insert.execute(arguments: try DocumentRow.arguments(of: try table.record(row).write))
        }
    }
}
