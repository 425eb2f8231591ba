import Foundation
import GRDB
import KeyManagement

extension Migrations {
    /// Adds root epochs: what was ever wrapped under each, and which of them are closed.
    @Sendable static func addRootEpochs(_ db: Database) throws {
        try db.execute(
            sql: """
                -- The same table, for more kinds; the records know which.
                CREATE TABLE directory_of_all_kinds (
                    kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 32),
                    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
                    parent TEXT NOT NULL CHECK (length(parent) <= 128),
                    revision INTEGER NOT NULL CHECK (revision >= 1),
                    content BLOB NOT NULL CHECK (length(content) BETWEEN 1 AND 65536),
                    seal_epoch INTEGER NOT NULL CHECK (seal_epoch BETWEEN 1 AND 4294967295),
                    seal BLOB NOT NULL CHECK (length(seal) = 32),
                    PRIMARY KEY (kind, name)
                ) STRICT;
                INSERT INTO directory_of_all_kinds SELECT kind, name, parent, revision, content, seal_epoch, seal FROM directory;
                DROP TABLE directory;
                ALTER TABLE directory_of_all_kinds RENAME TO directory;
                CREATE INDEX directory_parent ON directory (kind, parent, name);

                -- Records under this epoch or an earlier one are refused.
                ALTER TABLE token_binding ADD COLUMN closed_through INTEGER NOT NULL DEFAULT 0
                    CHECK (closed_through BETWEEN 0 AND 4294967295);

                -- Every wrapped key that was ever stored, by the SHA-256 of its blob. Import jobs have the number 0.
                CREATE TABLE wrapped_blob (
                    epoch INTEGER NOT NULL CHECK (epoch BETWEEN 1 AND 4294967295),
                    digest BLOB NOT NULL CHECK (length(digest) = 32),
                    owner_id BLOB NOT NULL CHECK (length(owner_id) = 16),
                    number INTEGER NOT NULL CHECK (number BETWEEN 0 AND 4294967295),
                    PRIMARY KEY (epoch, digest)
                ) STRICT, WITHOUT ROWID;
                """)
        // The schema as of this migration: documents had no wrapped keys yet.
        for table in SealedTable.all where table.kind != .shard {
            try db.execute(sql: SealedTable.guards(of: table.name, wraps: table.wrapsInColumns))
        }
        try registerBlobs(in: db)
    }

    /// Registers existing wrapped keys. For destroyed versions, only the digest is known. Their epoch is that of their seal, because there
    /// was only one epoch.
    private static func registerBlobs(in db: Database) throws {
        let versions = "SELECT key_id, number, wrap_epoch, wrapped_key, seal_epoch, blob_digest FROM version"
        let rows = try Row.fetchCursor(db, sql: versions)
        while let row = try rows.next() {
            let reader = RowReader(row, record: "a version")
            let owner = WrappedBlob.Owner.version(try VersionRow.id(row))
            if let digest = try reader.optionalBlob("blob_digest") {
                let blob = WrappedBlob(digest: digest, owner: owner)
                try WrappedBlobRow.register(blob, under: try reader.epoch("seal_epoch"), in: db)
            } else {
                let wrapped = WrappedKey(
                    mechanism: .aesKW, epoch: try reader.epoch("wrap_epoch"), blob: try reader.blob("wrapped_key"))
                try WrappedBlobRow.register(wrapped, of: owner, in: db)
            }
        }
        let jobs = try Row.fetchCursor(db, sql: "SELECT \(ImportJobRow.columns) FROM import_job")
        while let row = try jobs.next() {
            try WrappedBlobRow.register(
                try RowReader(row, record: "an import job").wrappedKey(), of: .importJob(try ImportJobRow.id(row)),
                in: db)
        }
    }
}
