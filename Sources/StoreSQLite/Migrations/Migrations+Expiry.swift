import GRDB

extension Migrations {
    /// Adds the expiry of imported material per version. The expiry in the table `key` still applies to versions without one of their own.
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
