import GRDB

extension Migrations {
    /// Adds automatic rotation, signing, aliases, import, and usage counts.
    @Sendable static func addKeyModel(_ db: Database) throws {
        try db.execute(
            sql: """
                ALTER TABLE "key" ADD COLUMN usage TEXT NOT NULL DEFAULT 'encryptDecrypt'
                    CHECK (usage IN ('encryptDecrypt', 'signVerify', 'generateVerifyMAC'));
                -- A JSON object of texts.
                ALTER TABLE "key" ADD COLUMN tags TEXT NOT NULL DEFAULT '{}' CHECK (length(tags) <= 65536);
                ALTER TABLE "key" ADD COLUMN rotation_days INTEGER CHECK (rotation_days BETWEEN 1 AND 1095);
                ALTER TABLE "key" ADD COLUMN rotation_due_at INTEGER
                    CHECK ((rotation_due_at IS NULL) = (rotation_days IS NULL));
                ALTER TABLE "key" ADD COLUMN rotated_at INTEGER;
                ALTER TABLE "key" ADD COLUMN availability_reason TEXT CHECK (length(availability_reason) <= 64);
                ALTER TABLE "key" ADD COLUMN availability_comment TEXT CHECK (length(availability_comment) <= 1024);

                ALTER TABLE version ADD COLUMN usage TEXT NOT NULL DEFAULT 'encryptDecrypt'
                    CHECK (usage IN ('encryptDecrypt', 'signVerify', 'generateVerifyMAC'));
                -- SubjectPublicKeyInfo.
                ALTER TABLE version ADD COLUMN public_key BLOB CHECK (length(public_key) BETWEEN 1 AND 1024);
                ALTER TABLE version ADD COLUMN check_value BLOB CHECK (length(check_value) = 16);
                ALTER TABLE version ADD COLUMN reason TEXT CHECK (length(reason) <= 64);
                ALTER TABLE version ADD COLUMN comment TEXT CHECK (length(comment) <= 1024);

                CREATE INDEX key_rotation_due ON "key" (rotation_due_at) WHERE rotation_due_at IS NOT NULL;
                CREATE INDEX version_destroy_due ON version (destroy_due_at) WHERE destroy_due_at IS NOT NULL;
                CREATE INDEX version_check_value ON version (key_id, check_value) WHERE check_value IS NOT NULL;

                CREATE TABLE alias (
                    project_id TEXT NOT NULL REFERENCES project (id),
                    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
                    key_id BLOB NOT NULL REFERENCES "key" (id),
                    revision INTEGER NOT NULL CHECK (revision >= 1),
                    changed_at INTEGER NOT NULL,
                    seal_epoch INTEGER NOT NULL CHECK (seal_epoch BETWEEN 1 AND 4294967295),
                    seal BLOB NOT NULL CHECK (length(seal) = 32),
                    PRIMARY KEY (project_id, name)
                ) STRICT;
                CREATE INDEX alias_key ON alias (key_id);

                -- What remains of deleted keys.
                CREATE TABLE tombstone (
                    key_id BLOB NOT NULL PRIMARY KEY CHECK (length(key_id) = 16),
                    project_id TEXT NOT NULL REFERENCES project (id),
                    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
                    record_digest BLOB NOT NULL CHECK (length(record_digest) = 32),
                    deleted_at INTEGER NOT NULL,
                    seal_epoch INTEGER NOT NULL CHECK (seal_epoch BETWEEN 1 AND 4294967295),
                    seal BLOB NOT NULL CHECK (length(seal) = 32)
                ) STRICT;

                -- First answers to requests that may be repeated.
                CREATE TABLE answer (
                    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 32),
                    request_digest BLOB NOT NULL CHECK (length(request_digest) = 32),
                    answer BLOB NOT NULL CHECK (length(answer) <= 65536),
                    created_at INTEGER NOT NULL,
                    seal_epoch INTEGER NOT NULL CHECK (seal_epoch BETWEEN 1 AND 4294967295),
                    seal BLOB NOT NULL CHECK (length(seal) = 32)
                ) STRICT;
                CREATE INDEX answer_created ON answer (created_at);

                CREATE TABLE import_job (
                    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
                    project_id TEXT NOT NULL REFERENCES project (id),
                    subject TEXT NOT NULL CHECK (length(subject) BETWEEN 1 AND 128),
                    wrapping_algorithm TEXT NOT NULL CHECK (length(wrapping_algorithm) BETWEEN 1 AND 64),
                    method TEXT NOT NULL CHECK (length(method) BETWEEN 1 AND 64),
                    public_key BLOB NOT NULL CHECK (length(public_key) BETWEEN 1 AND 1024),
                    wrap_mechanism TEXT NOT NULL CHECK (length(wrap_mechanism) BETWEEN 1 AND 64),
                    wrap_epoch INTEGER NOT NULL CHECK (wrap_epoch BETWEEN 1 AND 4294967295),
                    wrapped_key BLOB NOT NULL CHECK (length(wrapped_key) BETWEEN 16 AND 65536),
                    created_at INTEGER NOT NULL,
                    expires_at INTEGER NOT NULL,
                    seal_epoch INTEGER NOT NULL CHECK (seal_epoch BETWEEN 1 AND 4294967295),
                    seal BLOB NOT NULL CHECK (length(seal) = 32)
                ) STRICT;
                CREATE INDEX import_job_expiry ON import_job (expires_at);

                -- How many encryptions of a version were reserved.
                CREATE TABLE version_usage (
                    key_id BLOB NOT NULL,
                    number INTEGER NOT NULL,
                    reserved INTEGER NOT NULL CHECK (reserved >= 1),
                    seal_epoch INTEGER NOT NULL CHECK (seal_epoch BETWEEN 1 AND 4294967295),
                    seal BLOB NOT NULL CHECK (length(seal) = 32),
                    PRIMARY KEY (key_id, number),
                    FOREIGN KEY (key_id, number) REFERENCES version (key_id, number)
                ) STRICT;

                -- How often versions were used, by days since 1970-01-01.
                CREATE TABLE daily_use (
                    key_id BLOB NOT NULL,
                    number INTEGER NOT NULL,
                    day INTEGER NOT NULL,
                    produced INTEGER NOT NULL CHECK (produced >= 0),
                    consumed INTEGER NOT NULL CHECK (consumed >= 0),
                    last_at INTEGER NOT NULL,
                    PRIMARY KEY (key_id, number, day),
                    FOREIGN KEY (key_id, number) REFERENCES version (key_id, number)
                ) STRICT;
                CREATE INDEX daily_use_day ON daily_use (day);
                """)
    }
}
