/// A failure of a call to the database, as far as this adapter distinguishes failures.
enum DatabaseFailure: Error, Hashable, Sendable {
    /// The server refused a statement. The connection is as good as before.
    case refused(ServerError)
    /// There is no connection, or it broke. The server may have received everything that was sent, or nothing.
    case broken(String)
    /// The deadline passed while the server was working. The connection is closed.
    case late
}

/// An error that the server reports.
struct ServerError: Error, Hashable, Sendable {
    /// The code, as in appendix A of the PostgreSQL manual.
    let state: SQLState
    /// The primary message. It has no values of the statement's parameters.
    let message: String
    /// The violated constraint; `nil` for other errors.
    let constraint: String?
}

/// An SQLSTATE code of five characters. The first two are the class.
struct SQLState: Hashable, Sendable, CustomStringConvertible {
    let code: String

    init(_ code: String) {
        self.code = code
    }

    var description: String { code }

    static let uniqueViolation = SQLState("23505")
    static let insufficientPrivilege = SQLState("42501")
    static let invalidParameterValue = SQLState("22023")
    static let invalidPassword = SQLState("28P01")

    /// The reaction that can succeed after an error.
    enum Remedy: Hashable, Sendable {
        /// The transaction was rolled back, and can be repeated as it was.
        case repeatTransaction
        /// The server is stopping, starting, or no longer the primary: the next connection may lead to another one.
        case reconnect
        /// The server has too much to do. The caller may retry later.
        case wait
        /// A concurrent change came first.
        case lostRace
        /// No reaction of this process can succeed.
        case none
    }

    /// The one place where codes are classified.
    var remedy: Remedy {
        switch code {
        // Serialization failure and deadlock.
        case "40001", "40P01": return .repeatTransaction
        // Read-only transaction: the primary was demoted. Shutdown, crash, start, and a database that was dropped.
        // A standby refuses to name its position in the write-ahead log.
        case "25006", "55000", "57P01", "57P02", "57P03", "57P04": return .reconnect
        // A statement or lock timeout.
        case "57014", "55P03": return .wait
        // The disk is full.
        case "53100": return .none
        default: break
        }
        switch code.prefix(2) {
        case "08": return .reconnect
        // Too many connections, out of memory, a configured limit.
        case "53": return .wait
        case "23": return .lostRace
        default: return .none
        }
    }
}
