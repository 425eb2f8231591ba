/// The reason why a store cannot be opened. Nothing was changed in the file system.
package enum StoreOpenError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no database, and none is to be made.
    case missing(path: String)
    /// The file or its directory cannot be read, written or made.
    case inaccessible(path: String, reason: String)
    /// The file is not an SQLite database.
    case notADatabase(path: String)
    /// The file is a database, but not a store of this service.
    case notAKeyStore(path: String)
    /// A newer release has changed the schema.
    case newerSchema(path: String)
    /// Another connection locks the database for too long. Retry later.
    case busy(path: String)

    package var description: String {
        switch self {
        case .missing(let path): "there is no key store at '\(path)'; check the path, or run 'kms init' to make one"
        case .inaccessible(let path, let reason): "the key store '\(path)' cannot be opened: \(reason)"
        case .notADatabase(let path): "'\(path)' is not an SQLite database; nothing was changed"
        case .notAKeyStore(let path): "'\(path)' is a database, but not a key store; nothing was changed"
        case .newerSchema(let path):
            "the key store '\(path)' was written by a newer release; run that release or a later one. Nothing was changed"
        case .busy(let path): "the key store '\(path)' is locked by another process; try again"
        }
    }
}
