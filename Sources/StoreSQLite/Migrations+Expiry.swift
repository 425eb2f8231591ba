import GRDB

extension Migrations {
    /// The expiry of imported material, version by version. That of the table `key` still counts for versions that have none of their own.
    @Sendable static func addExpiryPerVersion(_ db: Database) throws {
        try db.execute(
            sql: """
                -- 9223372036854775807 for material that stays; NULL for versions of before, and for generated ones.
                ALTER TABLE version ADD COLUMN material_expires_at INTEGER;
                -- That of the default version.
                ALTER TABLE "key" ADD COLUMN default_expires_at INTEGER;

                CREATE INDEX version_material_expiry ON version (material_expires_at)
                    WHERE material_expires_at IS NOT NULL AND wrapped_key IS NOT NULL;
                """)
    }
}
