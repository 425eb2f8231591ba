import GRDB

extension Migrations {
    /// Adds the deletion of whole keys, the expiry of material, policies of statements, and alias names as AWS KMS allows them.
    @Sendable static func addKeyLife(_ db: Database) throws {
        try rebuild(
            "key", in: db,
            [
                ("IN ('enabled', 'disabled')", "IN ('enabled', 'disabled', 'pendingDeletion')"),
                ("length(description) <= 1024", "length(description) <= 8192"),
                ("rotation_days BETWEEN 1 AND 1095", "rotation_days BETWEEN 1 AND 2560"),
                ("'generateVerifyMAC')", "'generateVerifyMAC', 'keyAgreement')"),
            ])
        try rebuild("version", in: db, [("'generateVerifyMAC')", "'generateVerifyMAC', 'keyAgreement')")])
        try rebuild("alias", in: db, [("length(name) BETWEEN 1 AND 128", "length(name) BETWEEN 1 AND 250")])
        try db.execute(
            sql: """
                ALTER TABLE "key" ADD COLUMN deletion_due_at INTEGER
                    CHECK ((deletion_due_at IS NULL) = (availability <> 'pendingDeletion'));
                ALTER TABLE "key" ADD COLUMN material_expires_at INTEGER;
                -- A JSON list of texts, in their order.
                ALTER TABLE "key" ADD COLUMN policy_statements TEXT NOT NULL DEFAULT '[]'
                    CHECK (length(policy_statements) <= 262144);
                -- As it was put; NULL where there is none.
                ALTER TABLE "key" ADD COLUMN policy_document TEXT CHECK (length(policy_document) <= 32768);
                ALTER TABLE version ADD COLUMN cause TEXT CHECK (length(cause) <= 32);
                ALTER TABLE alias ADD COLUMN created_at INTEGER;

                CREATE INDEX key_deletion_due ON "key" (deletion_due_at) WHERE deletion_due_at IS NOT NULL;
                CREATE INDEX key_material_expiry ON "key" (material_expires_at) WHERE material_expires_at IS NOT NULL;
                """)
    }

    /// Rebuilds a table with other checks, because SQLite cannot change those of an existing table. Rows, indexes and triggers stay as they
    /// are; references to it are checked at the end of the migration.
    private static func rebuild(_ table: String, in db: Database, _ changes: [(old: String, new: String)]) throws {
        let parts = try Row.fetchAll(
            db, sql: "SELECT type, sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL", arguments: [table])
        guard var create: String = parts.first(where: { $0["type"] == "table" })?["sql"] else { return }
        for (old, new) in changes { create = create.replacing(old, with: new) }
        guard let columns = create.firstIndex(of: "(") else { return }
        try db.execute(sql: "CREATE TABLE \(table)_rebuilt \(create[columns...])")
        try db.execute(sql: "INSERT INTO \(table)_rebuilt SELECT * FROM \"\(table)\"")
        try db.execute(sql: "DROP TABLE \"\(table)\"")
        try db.execute(sql: "ALTER TABLE \(table)_rebuilt RENAME TO \"\(table)\"")
        for part in parts where part["type"] != "table" { try db.execute(sql: part["sql"]) }
    }
}
