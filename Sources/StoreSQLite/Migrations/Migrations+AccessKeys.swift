import GRDB
import KeyManagement

extension Migrations {
    /// Adds access keys: documents of the directory that contain wrapped keys.
    @Sendable static func addAccessKeys(_ db: Database) throws {
        try db.execute(
            sql: """
                -- Under which epoch the key in the content is wrapped; null where there is none.
                ALTER TABLE directory ADD COLUMN wrap_epoch INTEGER CHECK (wrap_epoch BETWEEN 1 AND 4294967295);

                -- Access keys have the number 0 and the 16 characters of their id that differ.
                ALTER TABLE wrapped_blob ADD COLUMN is_access_key INTEGER NOT NULL DEFAULT 0
                    CHECK (is_access_key IN (0, 1));

                DROP TRIGGER directory_epoch_insert;
                DROP TRIGGER directory_epoch_update;
                """)
        guard let table = SealedTable.of(.document) else { return }
        try db.execute(sql: table.guards)
    }
}
