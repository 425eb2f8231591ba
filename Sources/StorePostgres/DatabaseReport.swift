internal import KeyManagement
import SystemClock

/// One fact about a database, and its consequence for a key store.
package struct DatabaseCheck: Hashable, Sendable {
    package enum Verdict: String, Sendable, CaseIterable {
        case good
        /// The store can be used; the explanation names the consequence.
        case warning
        /// No store is opened in such a database.
        case refused
    }

    package let name: String
    package let value: String
    package let verdict: Verdict
    /// The consequence; `nil` if the verdict is good.
    package let explanation: String?
}

/// The facts about a database on which a store depends, each with a verdict.
package struct DatabaseReport: Sendable {
    package let place: String
    package let checks: [DatabaseCheck]

    /// True if a store can be opened in the database.
    package var isSufficient: Bool { !checks.contains { $0.verdict == .refused } }
}

extension PostgresKeyStore {
    /// Reads the facts about a database on which a store depends, and changes nothing.
    package static func report(
        on parameters: ConnectionParameters, timeout: Duration = .seconds(5)
    ) throws(PostgresOpenError) -> DatabaseReport {
        do throws(DatabaseFailure) {
            let connection = try Connection.open(parameters)
            let deadline = MonotonicTime.now + timeout
            let facts = try ServerFacts(connection, by: deadline)
            let isVerified = connection.encryption != nil && parameters.value("sslmode") == "verify-full"
            let encryption = DatabaseCheck(
                name: "connection",
                value: (connection.encryption ?? "not encrypted") + (isVerified ? ", server verified" : ""),
                verdict: isVerified || parameters.isLocal ? .good : .warning,
                explanation: isVerified || parameters.isLocal
                    ? nil : "whoever is on the network can pretend to be the server, and read and change what is sent")
            return DatabaseReport(
                place: parameters.place,
                checks: facts.checks + [
                    encryption, try rights(of: facts.user, on: connection, by: deadline),
                    try schema(on: connection, by: deadline),
                ])
        } catch {
            throw PostgresOpenError(error, place: parameters.place)
        }
    }

    private static func schema(
        on connection: Connection, by deadline: MonotonicTime
    ) throws(DatabaseFailure) -> DatabaseCheck {
        let version: Int64?
        do throws(DatabaseFailure) {
            version = try Self.version(on: connection, by: deadline)
        } catch .refused(let error) where error.state == .insufficientPrivilege {
            return DatabaseCheck(
                name: "schema", value: "not visible", verdict: .refused,
                explanation: "the user may not use the schema kms")
        }
        guard let version else {
            return DatabaseCheck(
                name: "schema", value: "none", verdict: .warning, explanation: "'kms init' makes the tables of a store")
        }
        let isKnown = version <= Schema.version + 1
        return DatabaseCheck(
            name: "schema", value: "\(version)", verdict: isKnown ? .good : .refused,
            explanation: isKnown ? nil : "a newer release has changed the schema; run that release or a later one")
    }

    /// Checks that the user can do what serving needs, and no more.
    private static func rights(
        of user: String, on connection: Connection, by deadline: MonotonicTime
    ) throws(DatabaseFailure) -> DatabaseCheck {
        let rows = try connection.run(
            Statement(
                """
                SELECT (SELECT bool_and(has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')
                            AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE'))
                        FROM pg_class WHERE relnamespace = to_regnamespace('kms') AND relkind = 'r')::integer::bigint,
                    CASE WHEN to_regnamespace('kms') IS NULL THEN has_database_privilege(current_database(), 'CREATE')
                        ELSE has_schema_privilege('kms', 'CREATE') END::integer::bigint
                """), by: deadline)
        let (canServe, canMigrate) = (rows.integer(0, 0), rows.integer(0, 1) == 1)
        let deeds =
            switch (canServe, canMigrate) {
            case (nil, true): "make the tables"
            case (nil, false): "not make the tables"
            case (0, _): "not serve"
            case (_, true): "serve and change the schema"
            case (_, false): "serve"
            }
        let value = "\(user), who may \(deeds)"
        if canServe == 0 {
            return DatabaseCheck(
                name: "user", value: value, verdict: .refused, explanation: "the user may not read and write the tables"
            )
        }
        return DatabaseCheck(
            name: "user", value: value, verdict: canMigrate && canServe == 1 ? .warning : .good,
            explanation: canMigrate && canServe == 1
                ? "whoever takes over the service could remove its triggers and tables; 'kms store sql' prints two roles"
                : nil)
    }
}
