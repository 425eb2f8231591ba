import GRDB

/// The schema as a sequence of migrations. A released migration is never edited; a new one is appended.
enum Migrations {
    /// The application id that marks the file as a store of this service: `kms1`.
    static let applicationID: Int64 = 0x6B6D_7331

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("2026-01 keys, versions, credentials", migrate: createTables)
        migrator.registerMigration("2026-02 rotation, usage, aliases, import", migrate: addKeyModel)
        migrator.registerMigration("2026-03 directory, access", migrate: addDirectory)
        migrator.registerMigration("2026-04 root epochs", migrate: addRootEpochs)
        migrator.registerMigration("2026-05 access keys", migrate: addAccessKeys)
        migrator.registerMigration("2026-06 key life, policies", migrate: addKeyLife)
        migrator.registerMigration("2026-07 expiry per version", migrate: addExpiryPerVersion)
        migrator.registerMigration("2026-08 state digest", migrate: addState)
        migrator.registerMigration("2026-09 documents", migrate: addDocuments)
        migrator.registerMigration("2026-10 uses of keys by subject", migrate: SQLiteKeyStore.addKeyUses)
        return migrator
    }

    /// Applies the migrations that the store lacks. If another process has applied them at the same time, that is a success too.
    static func run(on pool: DatabasePool) throws {
        guard try !pool.read(migrator.hasCompletedMigrations) else { return }
        do {
            try migrator.migrate(pool)
        } catch {
            guard try pool.read(migrator.hasCompletedMigrations) else { throw error }
        }
    }

    /// Makes the first tables. Times are milliseconds since 1970 in UTC. States, roles and availability are closed sets. Algorithms,
    /// origins and wrap mechanisms will get more members, so the schema only bounds their length and the records decide.
    @Sendable private static func createTables(_ db: Database) throws {
        try db.execute(
            sql: """
                PRAGMA application_id = \(applicationID);

                -- The token that the store belongs to.
                CREATE TABLE token_binding (
                    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
                    label TEXT NOT NULL CHECK (length(label) <= 256),
                    serial_number TEXT NOT NULL CHECK (length(serial_number) <= 256),
                    epoch INTEGER NOT NULL CHECK (epoch BETWEEN 1 AND 4294967295),
                    check_value BLOB NOT NULL CHECK (length(check_value) = 32),
                    created_at INTEGER NOT NULL
                ) STRICT;

                CREATE TABLE project (
                    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 128),
                    created_at INTEGER NOT NULL
                ) STRICT;

                CREATE TABLE credential (
                    hash BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
                    subject TEXT NOT NULL CHECK (length(subject) BETWEEN 1 AND 128),
                    project_id TEXT NOT NULL REFERENCES project (id),
                    role TEXT NOT NULL CHECK (role IN ('viewer', 'user', 'manager')),
                    created_at INTEGER NOT NULL,
                    seal_epoch INTEGER NOT NULL CHECK (seal_epoch BETWEEN 1 AND 4294967295),
                    seal BLOB NOT NULL CHECK (length(seal) = 32)
                ) STRICT;

                CREATE TABLE "key" (
                    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
                    project_id TEXT NOT NULL REFERENCES project (id),
                    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
                    description TEXT NOT NULL CHECK (length(description) <= 1024),
                    algorithm TEXT NOT NULL CHECK (length(algorithm) BETWEEN 1 AND 64),
                    origin TEXT NOT NULL CHECK (length(origin) BETWEEN 1 AND 64),
                    availability TEXT NOT NULL CHECK (availability IN ('enabled', 'disabled')),
                    -- State and counter of each version, as KeyManagement encodes them: 13 bytes a run.
                    ledger BLOB NOT NULL CHECK (length(ledger) % 13 = 0 AND length(ledger) <= 1048576),
                    revision INTEGER NOT NULL CHECK (revision >= 1),
                    created_at INTEGER NOT NULL,
                    changed_at INTEGER NOT NULL,
                    seal_epoch INTEGER NOT NULL CHECK (seal_epoch BETWEEN 1 AND 4294967295),
                    seal BLOB NOT NULL CHECK (length(seal) = 32),
                    UNIQUE (project_id, name)
                ) STRICT;

                CREATE TABLE version (
                    key_id BLOB NOT NULL REFERENCES "key" (id),
                    number INTEGER NOT NULL CHECK (number BETWEEN 1 AND 4294967295),
                    project_id TEXT NOT NULL REFERENCES project (id),
                    algorithm TEXT NOT NULL CHECK (length(algorithm) BETWEEN 1 AND 64),
                    origin TEXT NOT NULL CHECK (length(origin) BETWEEN 1 AND 64),
                    state TEXT NOT NULL CHECK (state IN ('active', 'deactivated', 'pendingDestruction', 'destroyed')),
                    state_counter INTEGER NOT NULL CHECK (state_counter >= 1),
                    wrap_mechanism TEXT CHECK (length(wrap_mechanism) BETWEEN 1 AND 64),
                    wrap_epoch INTEGER CHECK (wrap_epoch BETWEEN 1 AND 4294967295),
                    wrapped_key BLOB CHECK (length(wrapped_key) BETWEEN 16 AND 65536),
                    destroy_due_at INTEGER,
                    blob_digest BLOB CHECK (length(blob_digest) = 32),
                    created_at INTEGER NOT NULL,
                    changed_at INTEGER NOT NULL,
                    seal_epoch INTEGER NOT NULL CHECK (seal_epoch BETWEEN 1 AND 4294967295),
                    seal BLOB NOT NULL CHECK (length(seal) = 32),
                    PRIMARY KEY (key_id, number),
                    CHECK ((wrapped_key IS NULL) = (state = 'destroyed')),
                    CHECK ((wrapped_key IS NULL) = (wrap_mechanism IS NULL)),
                    CHECK ((wrapped_key IS NULL) = (wrap_epoch IS NULL)),
                    CHECK ((blob_digest IS NULL) = (state <> 'destroyed')),
                    CHECK ((destroy_due_at IS NULL) = (state <> 'pendingDestruction'))
                ) STRICT;

                CREATE UNIQUE INDEX version_active ON version (key_id) WHERE state = 'active';
                """)
    }
}
