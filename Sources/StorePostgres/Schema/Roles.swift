/// The SQL that prepares a database: two roles, of which one changes the schema and the other serves.
package struct DatabaseRoles: Sendable {
    /// The role that makes and migrates the schema, and owns it.
    package let owner: String
    /// The role that the service connects as. It reads and writes rows, and cannot change the schema.
    package let service: String

    /// Creates the roles of these names.
    ///
    /// - Throws: ``PostgresOpenError/badURL(_:)`` for a name that PostgreSQL would cut off or that is not a plain one.
    package init(owner: String, service: String) throws(PostgresOpenError) {
        for name in [owner, service] {
            guard (1...63).contains(name.utf8.count), name.utf8.allSatisfy(Self.isPlain),
                name.utf8.first != UInt8(ascii: "-")
            else { throw .badURL("the role '\(name)' is no name of letters, digits, hyphens and underscores") }
        }
        guard owner != service else { throw .badURL("the two roles have one name") }
        self.owner = owner
        self.service = service
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// The statements for `psql`, to be run once in the new database by a superuser.
    package var sql: String {
        """
        -- The role that makes and migrates the schema: for 'kms init' and upgrades.
        CREATE ROLE "\(owner)" LOGIN;
        -- The role that the service connects as. It cannot change the schema.
        CREATE ROLE "\(service)" LOGIN;
        ALTER ROLE "\(service)" SET statement_timeout = '10s';
        ALTER ROLE "\(service)" SET idle_in_transaction_session_timeout = '10s';

        CREATE SCHEMA kms AUTHORIZATION "\(owner)";
        GRANT USAGE ON SCHEMA kms TO "\(service)";
        ALTER DEFAULT PRIVILEGES FOR ROLE "\(owner)" IN SCHEMA kms
            GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "\(service)";

        """
    }
}
