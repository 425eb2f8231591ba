/// The reason why a store in PostgreSQL cannot be opened. Nothing was changed.
package enum PostgresOpenError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The setting is not a URL of a database. The reason does not repeat it.
    case badURL(String)
    /// There is no answer, or it refuses the user.
    case unreachable(place: String, reason: String)
    /// The server cannot hold a store: its version or a setting.
    case unfit(place: String, reason: String)
    /// The database has no store, and none is to be made.
    case missing(place: String)
    /// A newer release has changed the schema.
    case newerSchema(place: String)
    /// The schema has to be made or changed, and the user may not do that.
    case forbidden(place: String, reason: String)

    package var description: String {
        switch self {
        case .badURL(let reason): "the URL of the database is not usable: \(reason)"
        case .unreachable(let place, let reason): "the database \(place) cannot be used: \(reason)"
        case .unfit(let place, let reason): "the database \(place) is not fit for a key store: \(reason)"
        case .missing(let place):
            "there is no key store in the database \(place); check the URL, or run 'kms init' to make one"
        case .newerSchema(let place):
            "the key store \(place) was written by a newer release; run that release or a later one. Nothing was changed"
        case .forbidden(let place, let reason):
            "the user may not use or change the tables of the key store \(place) (\(reason)). 'kms store sql' prints two roles: the "
                + "owner makes and changes tables ('kms init', 'kms store migrate'), the other one serves"
        }
    }
}
