import GRDB

extension Migrations {
    /// Adds the directory of subjects and roles, and the owner and access control of keys.
    ///
    /// Older credentials are dropped with their table: they had a role of their own, which now belongs to their subject.
    @Sendable static func addDirectory(_ db: Database) throws {
        try db.execute(
            sql: """
                DROP TABLE credential;

                -- Projects, subjects, groups and credentials, as their seals cover them.
                CREATE TABLE directory (
                    kind TEXT NOT NULL CHECK (kind IN ('project', 'subject', 'group', 'credential')),
                    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
                    parent TEXT NOT NULL CHECK (length(parent) <= 128),
                    revision INTEGER NOT NULL CHECK (revision >= 1),
                    content BLOB NOT NULL CHECK (length(content) BETWEEN 1 AND 65536),
                    seal_epoch INTEGER NOT NULL CHECK (seal_epoch BETWEEN 1 AND 4294967295),
                    seal BLOB NOT NULL CHECK (length(seal) = 32),
                    PRIMARY KEY (kind, name)
                ) STRICT;
                CREATE INDEX directory_parent ON directory (kind, parent, name);

                CREATE TABLE credential_use (
                    hash BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
                    last_at INTEGER NOT NULL
                ) STRICT;

                ALTER TABLE "key" ADD COLUMN service TEXT CHECK (length(service) BETWEEN 1 AND 64);
                ALTER TABLE "key" ADD COLUMN owner TEXT CHECK (length(owner) BETWEEN 1 AND 128);
                ALTER TABLE "key" ADD COLUMN restricted INTEGER NOT NULL DEFAULT 0 CHECK (restricted IN (0, 1));
                -- JSON lists of texts.
                ALTER TABLE "key" ADD COLUMN allowed_subjects TEXT NOT NULL DEFAULT '[]'
                    CHECK (length(allowed_subjects) <= 65536);
                ALTER TABLE "key" ADD COLUMN allowed_groups TEXT NOT NULL DEFAULT '[]'
                    CHECK (length(allowed_groups) <= 65536);
                """)
    }
}
