import GRDB

extension Migrations {
    /// Statements in the place of a key's access control.
    @Sendable static func addPolicies(_ db: Database) throws {
        try db.execute(
            sql: """
                -- A JSON list of texts, in their order.
                ALTER TABLE "key" ADD COLUMN policy_statements TEXT NOT NULL DEFAULT '[]'
                    CHECK (length(policy_statements) <= 262144);
                -- As it was put; NULL where there is none.
                ALTER TABLE "key" ADD COLUMN policy_document TEXT CHECK (length(policy_document) <= 32768);
                """)
    }
}
