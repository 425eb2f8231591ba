import SystemClock

/// The facts about a server on which the durability of commits depends: its settings, and its role in replication.
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
        let (difference, isTooLarge) = (rows.integer(0, 3) ?? middle).subtractingReportingOverflow(middle)
        clockDifference = isTooLarge ? .max : difference
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
                    verdict: weakness == nil ? .good : .warning,
                    explanation: weakness),
                DatabaseCheck(
                    name: "clock difference", value: "\(clockDifference) ms",
                    verdict: clockDifference.magnitude < 1000 ? .good : .warning,
                    explanation: clockDifference.magnitude < 1000
                        ? nil : "the clocks of this machine and of the server disagree"),
                DatabaseCheck(
                    name: "statement timeout", value: settings["statement_timeout"] ?? "",
                    verdict: settings["statement_timeout"] == "0" ? .warning : .good,
                    explanation: settings["statement_timeout"] == "0"
                        ? "a statement that hangs keeps its session; 'kms store sql' sets a limit for the role" : nil),
            ]
    }

    /// The consequence of a commit that does not wait long enough; `nil` if it does.
    private var weakness: String? {
        if standbys == nil {
            return "if the server is lost, so is what was committed last, with keys under which data has been encrypted"
        }
        return settings["synchronous_commit"] == "remote_write"
            ? "synchronous_commit is remote_write: if server and standby crash together, what was committed last is lost"
            : nil
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
