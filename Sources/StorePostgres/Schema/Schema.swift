/// The schema as a sequence of migrations, in the database schema `kms`. A released migration is never edited; a new one is appended.
///
/// A node serves on its own version of the schema and on the next one, so that nodes can be upgraded one after the other.
enum Schema {
    /// The statements of each migration. The number of a migration is its position, beginning with 1.
    static let migrations: [[String]] = [documents + guards + feed]

    static var version: Int64 { Int64(migrations.count) }

    static let makeSchema = "CREATE SCHEMA IF NOT EXISTS kms"

    /// The statement that makes the list of applied migrations.
    static let makeList = """
        CREATE TABLE IF NOT EXISTS kms.migration (
            number bigint PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())
        """

    // Times are milliseconds since 1970 in UTC. The names of constraints are part of the adapter: it distinguishes failures by them.
    private static let documents = [
        """
        CREATE TABLE kms.token_binding (
            only_row bigint PRIMARY KEY CHECK (only_row = 1),
            label text NOT NULL CHECK (length(label) <= 256),
            serial_number text NOT NULL CHECK (length(serial_number) <= 256),
            epoch bigint NOT NULL CHECK (epoch BETWEEN 1 AND 4294967295),
            check_value bytea NOT NULL CHECK (length(check_value) = 32),
            created_at bigint NOT NULL,
            -- Records under this epoch or an earlier one are refused.
            closed_through bigint NOT NULL DEFAULT 0 CHECK (closed_through BETWEEN 0 AND 4294967295))
        """,
        """
        CREATE TABLE kms.document (
            kind text COLLATE "C" NOT NULL CHECK (length(kind) BETWEEN 1 AND 32),
            place bytea NOT NULL CHECK (length(place) BETWEEN 1 AND 512),
            revision bigint NOT NULL CHECK (revision >= 1),
            seal_epoch bigint NOT NULL CHECK (seal_epoch BETWEEN 1 AND 4294967295),
            seal bytea NOT NULL CHECK (length(seal) = 32),
            -- Under which epoch the key in the content is wrapped; null where there is none.
            wrap_epoch bigint CHECK (wrap_epoch BETWEEN 1 AND 4294967295),
            -- Unique among all documents: the names of keys and aliases, and the mark of a key's active version.
            name bytea CHECK (length(name) BETWEEN 1 AND 512),
            -- The key that the document belongs to.
            group_key bytea CHECK (length(group_key) = 16),
            label bytea CHECK (length(label) BETWEEN 1 AND 512),
            rotation_at bigint,
            end_at bigint,
            expiry_at bigint,
            -- The parts of a key that its seal does not cover.
            details bytea CHECK (length(details) BETWEEN 1 AND 65536),
            content bytea NOT NULL CHECK (length(content) BETWEEN 1 AND 2097152),
            -- A digest of the parts that never change.
            fixed bytea CHECK (length(fixed) BETWEEN 1 AND 512),
            CONSTRAINT document_place PRIMARY KEY (kind, place))
        """,
        "CREATE UNIQUE INDEX document_name ON kms.document (name) WHERE name IS NOT NULL",
        "CREATE INDEX document_kind_name ON kms.document (kind, name) WHERE name IS NOT NULL",
        "CREATE INDEX document_group ON kms.document (group_key, kind, place) WHERE group_key IS NOT NULL",
        "CREATE INDEX document_label ON kms.document (kind, label, place) WHERE label IS NOT NULL",
        "CREATE INDEX document_rotation ON kms.document (kind, rotation_at) WHERE rotation_at IS NOT NULL",
        "CREATE INDEX document_end ON kms.document (kind, end_at) WHERE end_at IS NOT NULL",
        "CREATE INDEX document_expiry ON kms.document (kind, expiry_at) WHERE expiry_at IS NOT NULL",
        """
        CREATE TABLE kms.state_member (
            shard bigint NOT NULL CHECK (shard BETWEEN 0 AND 4095),
            place bytea NOT NULL CHECK (length(place) = 32),
            digest bytea NOT NULL CHECK (length(digest) = 32),
            PRIMARY KEY (shard, place))
        """,
        """
        CREATE TABLE kms.wrapped_blob (
            epoch bigint NOT NULL CHECK (epoch BETWEEN 1 AND 4294967295),
            digest bytea NOT NULL CHECK (length(digest) = 32),
            -- Of a version: its key. Of an import job or access key: itself.
            owner_id bytea NOT NULL CHECK (length(owner_id) = 16),
            number bigint NOT NULL CHECK (number BETWEEN 0 AND 4294967295),
            is_access_key bigint NOT NULL CHECK (is_access_key IN (0, 1)),
            PRIMARY KEY (epoch, digest))
        """,
        """
        CREATE TABLE kms.version_use (
            key_id bytea NOT NULL CHECK (length(key_id) = 16),
            number bigint NOT NULL CHECK (number BETWEEN 1 AND 4294967295),
            day bigint NOT NULL,
            produced bigint NOT NULL CHECK (produced >= 0),
            consumed bigint NOT NULL CHECK (consumed >= 0),
            last_at bigint NOT NULL,
            PRIMARY KEY (key_id, number, day))
        """,
        "CREATE INDEX version_use_day ON kms.version_use (day)",
        """
        CREATE TABLE kms.key_use (
            key_id bytea NOT NULL CHECK (length(key_id) = 16),
            subject text COLLATE "C" NOT NULL CHECK (length(subject) BETWEEN 1 AND 1024),
            verb text COLLATE "C" NOT NULL CHECK (length(verb) BETWEEN 1 AND 64),
            count bigint NOT NULL CHECK (count >= 0),
            last_at bigint NOT NULL,
            PRIMARY KEY (key_id, subject, verb))
        """,
        "CREATE INDEX key_use_last ON kms.key_use (last_at)",
        """
        CREATE TABLE kms.credential_use (
            hash bytea PRIMARY KEY CHECK (length(hash) = 32),
            last_at bigint NOT NULL)
        """,
    ]

    // Triggers, so that they hold for every program that writes.
    private static let guards = [
        """
        CREATE FUNCTION kms.refuse_closed_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF least(NEW.seal_epoch, coalesce(NEW.wrap_epoch, NEW.seal_epoch))
                BETWEEN 1 AND (SELECT closed_through FROM kms.token_binding)
            THEN
                RAISE EXCEPTION 'the root epoch is closed' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """,
        """
        CREATE TRIGGER document_epoch BEFORE INSERT OR UPDATE ON kms.document
            FOR EACH ROW EXECUTE FUNCTION kms.refuse_closed_epoch()
        """,
        """
        CREATE FUNCTION kms.forget_uses() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            DELETE FROM kms.key_use WHERE key_id = OLD.place;
            RETURN NULL;
        END $$
        """,
        """
        CREATE TRIGGER document_uses AFTER DELETE ON kms.document
            FOR EACH ROW WHEN (OLD.kind = 'key') EXECUTE FUNCTION kms.forget_uses()
        """,
    ]

    // Each changed document, with the id of the transaction. Which of them a reader has not seen yet follows from the snapshots of the
    // two moments: no numbers that become visible out of order, no row that all transactions would have to update.
    private static let feed = [
        """
        CREATE TABLE kms.change (
            xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
            -- A kind of document, or 'commit': the mark by which a transaction is found whose answer was lost.
            kind text COLLATE "C" NOT NULL,
            place bytea NOT NULL,
            at timestamptz NOT NULL DEFAULT now())
        """,
        "CREATE INDEX change_xid ON kms.change (xid)",
        "CREATE INDEX change_at ON kms.change (at)",
        // The last transaction whose changes were deleted.
        """
        CREATE TABLE kms.change_floor (
            only_row bigint PRIMARY KEY CHECK (only_row = 1),
            xid xid8 NOT NULL)
        """,
        "INSERT INTO kms.change_floor VALUES (1, '0')",
        """
        CREATE FUNCTION kms.note_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP <> 'INSERT' THEN
                INSERT INTO kms.change (kind, place) VALUES (OLD.kind, OLD.place);
            END IF;
            IF TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND (NEW.kind, NEW.place) <> (OLD.kind, OLD.place)) THEN
                INSERT INTO kms.change (kind, place) VALUES (NEW.kind, NEW.place);
            END IF;
            RETURN NULL;
        END $$
        """,
        """
        CREATE TRIGGER document_change AFTER INSERT OR UPDATE OR DELETE ON kms.document
            FOR EACH ROW EXECUTE FUNCTION kms.note_change()
        """,
        """
        CREATE FUNCTION kms.note_truncation() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO kms.change (kind, place) VALUES ('everything', '');
            RETURN NULL;
        END $$
        """,
        """
        CREATE TRIGGER document_truncation AFTER TRUNCATE ON kms.document
            FOR EACH STATEMENT EXECUTE FUNCTION kms.note_truncation()
        """,
    ]
}
