import GRDB
import KeyManagement

// The one place where failures of SQLite become failures of the store.

extension StoreError {
    /// Maps any error of a database access.
    ///
    /// A violated constraint is a lost race: the domain has checked its request, so a concurrent change came first. Only where a
    /// document is written, it may also be a name.
    init(sqlite error: any Error) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError: self = StoreError(error)
        case is CancellationError: self = .busy("the caller gave up while the store was working")
        default: self = .unavailable("\(error)")
        }
    }

    private init(_ error: DatabaseError) {
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self = .busy("the database is locked by another connection (\(Self.text(error)))")
        case .SQLITE_INTERRUPT, .SQLITE_ABORT:
            self = .busy("the database call was interrupted (\(Self.text(error)))")
        case .SQLITE_CONSTRAINT:
            self = .conflict
        case .SQLITE_READONLY, .SQLITE_IOERR, .SQLITE_FULL, .SQLITE_CANTOPEN, .SQLITE_CORRUPT, .SQLITE_NOTADB,
            .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_NOMEM:
            self = .unavailable("the database cannot be used (\(Self.text(error)))")
        default:
            self = .unavailable("the database failed (\(Self.text(error)))")
        }
    }

    /// Returns the message and the extended code, without the statement, because its arguments may be names of keys.
    private static func text(_ error: DatabaseError) -> String {
        "\(error.message ?? "no message"), SQLite code \(error.extendedResultCode.rawValue)"
    }
}
