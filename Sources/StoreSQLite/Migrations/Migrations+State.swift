import GRDB
import KeyManagement

extension Migrations {
    /// Adds the state digest. It is empty until the service builds it from the existing records.
    @Sendable static func addState(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE state_shard (
                    shard INTEGER NOT NULL PRIMARY KEY CHECK (shard BETWEEN 0 AND 4095),
                    counter INTEGER NOT NULL CHECK (counter >= 1),
                    member_count INTEGER NOT NULL CHECK (member_count >= 0),
                    blind BLOB NOT NULL CHECK (length(blind) = 16),
                    sum BLOB NOT NULL CHECK (length(sum) = 32),
                    seal_epoch INTEGER NOT NULL CHECK (seal_epoch BETWEEN 1 AND 4294967295),
                    seal BLOB NOT NULL CHECK (length(seal) = 32)
                ) STRICT;

                -- One row for each record that decides anything: its place, and the SHA-256 of its canonical form.
                CREATE TABLE state_member (
                    shard INTEGER NOT NULL CHECK (shard BETWEEN 0 AND 4095),
                    place BLOB NOT NULL CHECK (length(place) = 32),
                    digest BLOB NOT NULL CHECK (length(digest) = 32),
                    PRIMARY KEY (shard, place)
                ) STRICT, WITHOUT ROWID;
                """)
        guard let table = SealedTable.of(.shard) else { return }
        try db.execute(sql: table.guards)
    }
}
