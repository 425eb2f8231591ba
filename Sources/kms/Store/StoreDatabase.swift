import KeyManagement
import StorePostgres

extension PostgresKeyStore: ServedStore {}

/// A store in a PostgreSQL database.
struct StoreDatabase {
    private let parameters: ConnectionParameters

    /// Reads the URL of a database.
    ///
    /// - Parameter origin: where the URL was set, for the message.
    init(url: String, origin: String) throws(Failure) {
        do throws(PostgresOpenError) {
            parameters = try ConnectionParameters(url: url)
        } catch {
            throw Failure(.configuration, "store.url (\(origin)): \(error)")
        }
    }

    var place: String { parameters.place }

    /// Returns true if `text` is the URL of a database and not the path of a file.
    static func isURL(_ text: String) -> Bool { ConnectionParameters.schemes.contains { text.hasPrefix($0) } }

    func binding() throws(Failure) -> TokenBinding? {
        try reading { () throws(PostgresOpenError) in try PostgresKeyStore.binding(at: parameters) }
    }

    func open(_ access: StoreAccess) throws(Failure) -> any ServedStore {
        try reading { () throws(PostgresOpenError) in
            try PostgresKeyStore.open(parameters, access: access == .create ? .create : .existing)
        }
    }

    func requireInitialized() throws(Failure) {
        guard try binding() != nil else { throw Failure(.store, "\(PostgresOpenError.missing(place: place))") }
    }

    /// Reads the facts on which durability depends, each with a verdict.
    func report() throws(Failure) -> DatabaseReport {
        try reading { () throws(PostgresOpenError) in try PostgresKeyStore.report(on: parameters) }
    }

    private func reading<Result>(_ body: () throws(PostgresOpenError) -> Result) throws(Failure) -> Result {
        do throws(PostgresOpenError) {
            return try body()
        } catch {
            if case .badURL = error { throw Failure(.configuration, "store.url: \(error)") }
            throw Failure(.store, "\(error)")
        }
    }
}
