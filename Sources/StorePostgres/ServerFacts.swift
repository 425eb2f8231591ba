import SystemClock

/// What durability rests on: settings of the server, and its place among others.
struct ServerFacts: Sendable {
    /// As in `server_version_num`: 150018 for 15.18.
    let version: Int64
    let encoding: String
    let settings: [String: String]
    /// True on a standby, which takes no changes.
    let isInRecovery: Bool
    /// The number of standbys whose answer a commit waits for.
    let synchronousStandbyCount: Int64

    /// The settings that are read.
    private static let names = ["fsync", "full_page_writes", "synchronous_commit", "synchronous_standby_names"]

    init(_ connection: Connection, by deadline: MonotonicTime) throws(DatabaseFailure) {
        let settings = Self.names.map { "current_setting('\($0)')" }.joined(separator: ", ")
        let rows = try connection.run(
            Statement(
                """
                SELECT current_setting('server_version_num')::bigint, current_setting('server_encoding'),
                    pg_is_in_recovery()::integer::bigint,
                    (SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')), \(settings)
                """), by: deadline)
        version = rows.integer(0, 0) ?? 0
        encoding = rows.text(0, 1) ?? ""
        isInRecovery = rows.integer(0, 2) != 0
        synchronousStandbyCount = rows.integer(0, 3) ?? 0
        var values: [String: String] = [:]
        for (position, name) in Self.names.enumerated() { values[name] = rows.text(0, 4 + position) ?? "" }
        self.settings = values
    }

    /// The reason why a store must not be in this database; `nil` if there is none.
    var refusal: String? {
        if version < 150_000 { return "it is of version \(version / 10_000); PostgreSQL 15 or later is needed" }
        if encoding != "UTF8" { return "its encoding is \(encoding); UTF8 is needed" }
        if isInRecovery { return "the server is a standby, which takes no changes" }
        for name in ["fsync", "full_page_writes", "synchronous_commit"] where settings[name] == "off" {
            return "\(name) is off, so a crash could lose keys under which data has been encrypted"
        }
        return nil
    }
}
