internal import KeyManagement
import SystemClock

/// What durability rests on: settings of the server, and its place among others.
struct ServerFacts: Sendable {
    /// As in `server_version_num`: 150018 for 15.18.
    let version: Int64
    let encoding: String
    /// True on a standby, which takes no changes.
    let isInRecovery: Bool
    /// The server's clock minus the clock of this machine, in milliseconds.
    let clockDifference: Int64
    /// The user of the connection, as the server knows it.
    let user: String
    private let settings: [String: String]

    /// The settings that are read.
    private static let names = [
        "fsync", "full_page_writes", "synchronous_commit", "synchronous_standby_names", "statement_timeout",
    ]

    init(_ connection: Connection, by deadline: MonotonicTime) throws(DatabaseFailure) {
        let settings = Self.names.map { "current_setting('\($0)')" }.joined(separator: ", ")
        let start = Clocks.realTime
        let rows = try connection.run(
            Statement(
                """
                SELECT current_setting('server_version_num')::bigint, current_setting('server_encoding'),
                    pg_is_in_recovery()::integer::bigint,
                    (extract(epoch FROM clock_timestamp()) * 1000)::bigint, current_user::text, \(settings)
                """), by: deadline)
        // The answer was made between the two moments.
        let middle = (start / 2 + Clocks.realTime / 2) / 1_000_000
        version = rows.integer(0, 0) ?? 0
        encoding = rows.text(0, 1) ?? ""
        isInRecovery = rows.integer(0, 2) != 0
        clockDifference = (rows.integer(0, 3) ?? middle) - middle
        user = rows.text(0, 4) ?? ""
        var values: [String: String] = [:]
        for (position, name) in Self.names.enumerated() { values[name] = rows.text(0, 5 + position) ?? "" }
        self.settings = values
    }

    /// The reason why a store must not be in this database; `nil` if there is none.
    var refusal: String? { checks.lazy.filter { $0.verdict == .refused }.first?.explanation }

    /// Everything that was found, each with its verdict.
    var checks: [DatabaseCheck] {
        [
            check(
                "version", "\(version / 10_000).\(version % 10_000)", version >= 150_000,
                else: "PostgreSQL 15 or later is needed"),
            check("encoding", encoding, encoding == "UTF8", else: "the encoding of the database has to be UTF8"),
            check(
                "role", isInRecovery ? "standby" : "primary", !isInRecovery,
                else: "the server is a standby, which takes no changes"),
        ]
            + ["fsync", "full_page_writes", "synchronous_commit"].map { name in
                check(
                    name, settings[name] ?? "", settings[name] != "off",
                    else: "\(name) is off, so a crash could lose keys under which data has been encrypted")
            } + [
                DatabaseCheck(
                    name: "synchronous standbys", value: standbys ?? "none",
                    verdict: standbys != nil ? .good : .warning,
                    explanation: standbys != nil
                        ? nil
                        : "if the server is lost, so is what was committed last, with keys under which data has been encrypted"
                ),
                DatabaseCheck(
                    name: "clock difference", value: "\(clockDifference) ms",
                    verdict: abs(clockDifference) < 1000 ? .good : .warning,
                    explanation: abs(clockDifference) < 1000
                        ? nil : "the clocks of this machine and of the server disagree"),
                DatabaseCheck(
                    name: "statement timeout", value: settings["statement_timeout"] ?? "",
                    verdict: settings["statement_timeout"] == "0" ? .warning : .good,
                    explanation: settings["statement_timeout"] == "0"
                        ? "a statement that hangs keeps its session; 'kms store sql' sets a limit for the role" : nil),
            ]
    }

    /// The standbys whose answer a commit waits for; `nil` if it waits for none.
    private var standbys: String? {
        let names = settings["synchronous_standby_names"] ?? ""
        return names.isEmpty || settings["synchronous_commit"] == "local" ? nil : names
    }

    private func check(_ name: String, _ value: String, _ isGood: Bool, else explanation: String) -> DatabaseCheck {
        DatabaseCheck(
            name: name, value: value, verdict: isGood ? .good : .refused, explanation: isGood ? nil : explanation)
    }
}

/// One fact about a database, and what it means for a key store.
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

/// What a store in a database rests on.
package struct DatabaseReport: Sendable {
    package let place: String
    package let checks: [DatabaseCheck]

    /// True if a store can be opened in the database.
    package var isSufficient: Bool { !checks.contains { $0.verdict == .refused } }
}

extension PostgresKeyStore {
    /// Reads what a store in this database rests on, and changes nothing.
    package static func report(
        on parameters: ConnectionParameters, timeout: Duration = .seconds(5)
    ) throws(PostgresOpenError) -> DatabaseReport {
        do throws(DatabaseFailure) {
            let connection = try Connection.open(parameters)
            let deadline = MonotonicTime.now + timeout
            let facts = try ServerFacts(connection, by: deadline)
            let encryption = DatabaseCheck(
                name: "connection", value: connection.encryption ?? "not encrypted",
                verdict: connection.encryption != nil || parameters.isLocal ? .good : .warning,
                explanation: connection.encryption != nil || parameters.isLocal
                    ? nil : "whoever is on the network can read and change what is sent")
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
        let version = try version(on: connection, by: deadline)
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
                SELECT CASE WHEN to_regclass('kms.document') IS NULL THEN NULL ELSE
                        (has_table_privilege('kms.document', 'SELECT') AND has_table_privilege('kms.document', 'INSERT')
                            AND has_table_privilege('kms.document', 'UPDATE')
                            AND has_table_privilege('kms.document', 'DELETE'))::integer::bigint END,
                    CASE WHEN to_regnamespace('kms') IS NULL THEN has_database_privilege(current_database(), 'CREATE')
                        ELSE has_schema_privilege('kms', 'CREATE') END::integer::bigint
                """), by: deadline)
        let (canServe, canMigrate) = (rows.integer(0, 0), rows.integer(0, 1) == 1)
        let value =
            "\(user), who may \(canServe == 0 ? "not serve" : canMigrate ? "serve and change the schema" : "serve")"
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
