import CLibPQ
import Glibc
import SystemClock

/// One connection to a server, used by one thread at a time.
///
/// It is always in libpq's pipeline mode (PostgreSQL 15 manual, 34.5): a batch of statements costs one round trip. No statement is prepared
/// and no setting outlives a transaction, so the connection may lead through a pooler that gives each transaction another session.
final class Connection: @unchecked Sendable {
    // Sendable: `ConnectionPool` gives a connection to one thread at a time. libpq allows that (manual, 34.20).
    // Owned by this object, freed by deinit.
    private let raw: OpaquePointer
    /// True after a failure that leaves open what the server does. The connection cannot be used again.
    private(set) var isBroken = false
    private let warnings = Warnings()

    private init(owning raw: OpaquePointer) {
        self.raw = raw
    }

    deinit { PQfinish(raw) }

    /// Connects to the first server of the list that answers and fits. This blocks: for each address of a server two seconds at most, and
    /// for as long as names are looked up.
    static func open(_ parameters: ConnectionParameters) throws(DatabaseFailure) -> Connection {
        // Owned by this function; libpq copies them.
        var keywords: [UnsafePointer<CChar>?] = []
        var values: [UnsafePointer<CChar>?] = []
        defer { for text in keywords + values { free(UnsafeMutablePointer(mutating: text)) } }
        for (keyword, value) in parameters.all {
            keywords.append(UnsafePointer(strdup(keyword)))
            values.append(UnsafePointer(strdup(value)))
        }
        keywords.append(nil)
        values.append(nil)
        guard let raw = PQconnectdbParams(keywords, values, 0) else { throw .broken("out of memory") }
        let connection = Connection(owning: raw)
        guard PQstatus(raw) == CONNECTION_OK else {
            // libpq has no code for failures of this kind. A wrong password must not be tried again and again.
            guard connection.reason.contains("authentication failed") else { throw .broken(connection.reason) }
            throw .refused(ServerError(state: .invalidPassword, message: connection.reason, constraint: nil))
        }
        // Otherwise printed on standard error. The object lives as long as this one, and is used on its thread.
        PQsetNoticeReceiver(
            raw,
            { argument, result in
                guard let argument, let result else { return }
                Unmanaged<Warnings>.fromOpaque(argument).takeUnretainedValue().note(result)
            }, Unmanaged.passUnretained(connection.warnings).toOpaque())
        guard PQsetnonblocking(raw, 1) == 0, PQenterPipelineMode(raw) == 1 else { throw .broken(connection.reason) }
        return connection
    }

    /// The results of a batch: those of its statements, up to the first that the server refused.
    struct BatchOutcome {
        var rows: [ResultRows] = []
        var error: ServerError?
    }

    /// Sends statements together and returns their results, in order. The server skips those after one that it refuses.
    ///
    /// Without BEGIN, a batch of one statement is a transaction of its own.
    ///
    /// - Throws: ``DatabaseFailure/broken(_:)`` or ``DatabaseFailure/late``. The connection cannot be used after either.
    func batch(_ statements: [Statement], by deadline: MonotonicTime) throws(DatabaseFailure) -> BatchOutcome {
        do throws(DatabaseFailure) {
            return try exchange(statements, by: deadline)
        } catch {
            isBroken = true
            throw error
        }
    }

    private func exchange(
        _ statements: [Statement], by deadline: MonotonicTime
    ) throws(DatabaseFailure) -> BatchOutcome {
        warnings.last = nil
        for statement in statements { try send(statement) }
        guard PQpipelineSync(raw) == 1 else { throw .broken(reason) }
        try flush(by: deadline)
        var outcome = BatchOutcome()
        for _ in statements {
            guard let result = try next(by: deadline) else { throw .broken("the server answered too little") }
            try take(result, into: &outcome)
            // A null pointer ends the results of each statement.
            while let extra = try next(by: deadline) { PQclear(extra) }
        }
        guard let end = try next(by: deadline) else { throw .broken("the server did not end a batch") }
        defer { PQclear(end) }
        guard PQresultStatus(end) == PGRES_PIPELINE_SYNC else { throw .broken("the server did not end a batch") }
        return outcome
    }

    /// The protocol and cipher of an encrypted connection; `nil` if it is not encrypted.
    var encryption: String? {
        guard PQsslInUse(raw) != 0 else { return nil }
        let names = ["protocol", "cipher"] as [String]
        return names.compactMap { PQsslAttribute(raw, $0).map { String(cString: $0) } }.joined(separator: ", ")
    }

    /// The warning that the server sent during the last batch; `nil` if it sent none. A mere notice is no warning.
    var warning: String? { warnings.last }

    /// Keeps the warning of a batch.
    private final class Warnings {
        var last: String?

        func note(_ result: OpaquePointer) {
            // PG_DIAG_SEVERITY_NONLOCALIZED (manual, 34.3.1).
            guard let severity = PQresultErrorField(result, Int32(UInt8(ascii: "V"))),
                String(cString: severity) == "WARNING"
            else { return }
            last = Connection.error(of: result).message
        }
    }

    /// Runs one statement as a transaction of its own.
    func run(_ statement: Statement, by deadline: MonotonicTime) throws(DatabaseFailure) -> ResultRows {
        let outcome = try batch([statement], by: deadline)
        if let error = outcome.error { throw .refused(error) }
        guard let rows = outcome.rows.first else { throw .broken("the server answered nothing") }
        return rows
    }

    private func take(_ result: OpaquePointer, into outcome: inout BatchOutcome) throws(DatabaseFailure) {
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK: outcome.rows.append(ResultRows(owning: result))
        case PGRES_PIPELINE_ABORTED: PQclear(result)
        case PGRES_FATAL_ERROR:
            defer { PQclear(result) }
            if PQstatus(raw) != CONNECTION_OK { throw .broken(reason) }
            outcome.error = outcome.error ?? Self.error(of: result)
        default:
            PQclear(result)
            throw .broken("the server answered what was not asked for")
        }
    }

    private static func error(of result: OpaquePointer) -> ServerError {
        func field(_ letter: Unicode.Scalar) -> String? {
            PQresultErrorField(result, Int32(letter.value)).map { String(cString: $0) }
        }
        // PG_DIAG_SQLSTATE, PG_DIAG_MESSAGE_PRIMARY and PG_DIAG_CONSTRAINT_NAME (manual, 34.3.1).
        return ServerError(
            state: SQLState(field("C") ?? "?????"), message: field("M") ?? "no message", constraint: field("n"))
    }
}

// Sending and receiving, each with a deadline.
extension Connection {
    private func send(_ statement: Statement) throws(DatabaseFailure) {
        let encoded = statement.parameters.map(\.encoded)
        let types = statement.parameters.map { Oid($0.typeIdentifier) }
        let lengths = encoded.map { Int32($0?.count ?? 0) }
        let formats = [Int32](repeating: 1, count: encoded.count)
        // One buffer for all values. The last byte gives an empty value at the end an address: a null pointer means NULL.
        let bytes = Array(encoded.compactMap(\.self).joined()) + [0]
        let status = bytes.withUnsafeBytes { buffer in
            var offset = 0
            let values: [UnsafePointer<CChar>?] = encoded.map { value in
                guard let value, let base = buffer.baseAddress else { return nil }
                defer { offset += value.count }
                return (base + offset).assumingMemoryBound(to: CChar.self)
            }
            // libpq copies everything before it returns.
            return PQsendQueryParams(
                raw, statement.sql, Int32(encoded.count), types, values, lengths, formats, 1)
        }
        guard status == 1 else { throw .broken(reason) }
    }

    private func flush(by deadline: MonotonicTime) throws(DatabaseFailure) {
        while true {
            switch PQflush(raw) {
            case 0: return
            case 1:
                // The server may wait for us to read its answers before it reads on.
                if try wait(for: Int16(POLLIN | POLLOUT), by: deadline) & Int16(POLLIN) != 0,
                    PQconsumeInput(raw) == 0
                {
                    throw .broken(reason)
                }
            default: throw .broken(reason)
            }
        }
    }

    /// Returns the next result, which the caller frees; `nil` at the end of a statement's results.
    private func next(by deadline: MonotonicTime) throws(DatabaseFailure) -> OpaquePointer? {
        while PQisBusy(raw) != 0 {
            _ = try wait(for: Int16(POLLIN), by: deadline)
            guard PQconsumeInput(raw) == 1 else { throw .broken(reason) }
        }
        return PQgetResult(raw)
    }

    /// Waits until the socket is ready, and returns how.
    private func wait(for events: Int16, by deadline: MonotonicTime) throws(DatabaseFailure) -> Int16 {
        var descriptor = pollfd(fd: PQsocket(raw), events: events, revents: 0)
        while true {
            let rest = (deadline - .now).wholeNanoseconds
            guard rest > 0 else { throw .late }
            let status = poll(&descriptor, 1, Int32(clamping: rest / 1_000_000 + 1))
            if status > 0 { return descriptor.revents }
            guard status == 0 || errno == EINTR else { throw .broken("the socket failed") }
        }
    }

    /// The last message of libpq, in one line. It names the server and never the password.
    private var reason: String {
        String(cString: PQerrorMessage(raw)).split(whereSeparator: \.isNewline).joined(separator: "; ")
    }
}
