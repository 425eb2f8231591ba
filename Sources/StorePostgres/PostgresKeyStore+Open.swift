package import KeyManagement
import SystemClock

extension PostgresKeyStore {
    /// The behaviour if the database has no store.
    package enum Access: Hashable, Sendable {
        /// Make one. An existing store is opened as it is.
        case create
        /// Fail.
        case existing
    }

    /// Opens the store in a database, and migrates its schema if the user may do so. It blocks, for `timeout` at most after connecting.
    ///
    /// - Parameters:
    ///   - parameters: where the database is.
    ///   - access: the behaviour if there is no store.
    ///   - connections: the most connections that are open at the same time.
    ///   - timeout: the longest time that a call waits for the database.
    package static func open(
        _ parameters: ConnectionParameters, access: Access, connections: Int = 8, timeout: Duration = .seconds(5)
    ) throws(PostgresOpenError) -> PostgresKeyStore {
        try connecting(to: parameters, timeout) {
            (connection, deadline) throws(DatabaseFailure) -> Result<Void, PostgresOpenError> in
            let version = try version(on: connection, by: deadline)
            if version == nil, access == .existing { return .failure(.missing(place: parameters.place)) }
            // A later release keeps the schema in a form that this one understands, for one version.
            if let version, version > Schema.version + 1 { return .failure(.newerSchema(place: parameters.place)) }
            return .success(try migrate(from: version, on: connection, by: deadline))
        }
        return PostgresKeyStore(pool: ConnectionPool(parameters, size: connections, timeout: timeout))
    }

    /// Reads which token the store in a database belongs to, and changes nothing.
    ///
    /// - Returns: `nil` if the store is not initialised.
    package static func binding(
        at parameters: ConnectionParameters, timeout: Duration = .seconds(5)
    ) throws(PostgresOpenError) -> TokenBinding? {
        try connecting(to: parameters, timeout) {
            (connection, deadline) throws(DatabaseFailure) -> Result<TokenBinding?, PostgresOpenError> in
            guard try version(on: connection, by: deadline) != nil else {
                return .failure(.missing(place: parameters.place))
            }
            let rows = try connection.run(
                Statement("SELECT \(TokenBindingRow.columns) FROM kms.token_binding"), by: deadline)
            do throws(StoreError) {
                return .success(try rows.first("the token binding", TokenBindingRow.record))
            } catch {
                return .failure(.unfit(place: parameters.place, reason: "\(error)"))
            }
        }
    }

    /// Runs `body` with a connection to a server that can hold a store.
    private static func connecting<Result>(
        to parameters: ConnectionParameters, _ timeout: Duration,
        _ body: (Connection, MonotonicTime) throws(DatabaseFailure) -> Swift.Result<Result, PostgresOpenError>
    ) throws(PostgresOpenError) -> Result {
        let result: Swift.Result<Result, PostgresOpenError>
        do throws(DatabaseFailure) {
            let connection = try Connection.open(parameters)
            let deadline = MonotonicTime.now + timeout
            let facts = try ServerFacts(connection, by: deadline)
            result =
                if let reason = facts.refusal { .failure(.unfit(place: parameters.place, reason: reason)) } else {
                    try body(connection, deadline)
                }
        } catch {
            throw PostgresOpenError(error, place: parameters.place)
        }
        return try result.get()
    }

    /// Returns the version of the schema; `nil` if the database has none.
    static func version(
        on connection: Connection, by deadline: MonotonicTime
    ) throws(DatabaseFailure) -> Int64? {
        let table = try connection.run(
            Statement(
                """
                SELECT CASE WHEN to_regnamespace('kms') IS NULL THEN NULL
                    WHEN NOT has_schema_privilege('kms', 'USAGE') THEN 0
                    ELSE to_regclass('kms.migration')::oid::bigint END
                """), by: deadline)
        if table.integer(0, 0) == 0 {
            throw .refused(
                ServerError(state: .insufficientPrivilege, message: "no use of the schema kms", constraint: nil))
        }
        guard !table.isNull(0, 0) else { return nil }
        return try connection.run(Statement("SELECT max(number) FROM kms.migration"), by: deadline).integer(0, 0)
    }

    /// Applies the migrations that the schema lacks, all or nothing. Of several processes, one does.
    private static func migrate(
        from version: Int64?, on connection: Connection, by deadline: MonotonicTime
    ) throws(DatabaseFailure) {
        guard (version ?? 0) < Schema.version else { return }
        try requireSuccess(connection.batch([Statement("BEGIN"), Statement.lockAlone], by: deadline))
        if version == nil {
            // The owner of an empty schema may not make another one.
            let schema = try connection.run(Statement("SELECT to_regnamespace('kms')::oid::bigint"), by: deadline)
            let statements = (schema.isNull(0, 0) ? [Schema.makeSchema] : []) + [Schema.makeList]
            try requireSuccess(connection.batch(statements.map { Statement($0) }, by: deadline))
        }
        // Another process may have been first.
        let present = try Self.version(on: connection, by: deadline) ?? 0
        var statements: [Statement] = []
        for number in max(0, present)..<max(present, Schema.version) {
            statements += Schema.migrations[Int(number)].map { Statement($0) }
            statements.append(Statement("INSERT INTO kms.migration (number) VALUES ($1)", .integer(number + 1)))
        }
        try requireSuccess(connection.batch(statements + [Statement("COMMIT")], by: deadline))
    }

    private static func requireSuccess(_ outcome: Connection.BatchOutcome) throws(DatabaseFailure) {
        if let error = outcome.error { throw .refused(error) }
    }
}

extension PostgresOpenError {
    init(_ failure: DatabaseFailure, place: String) {
        switch failure {
        case .refused(let error) where error.state == .insufficientPrivilege:
            self = .forbidden(place: place, reason: error.message)
        case .refused(let error): self = .unreachable(place: place, reason: "\(error.message), SQLSTATE \(error.state)")
        case .broken(let reason): self = .unreachable(place: place, reason: reason)
        case .late: self = .unreachable(place: place, reason: "it does not answer in time")
        }
    }
}
