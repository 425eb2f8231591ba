import KeyManagement
import StoreSQLite

/// A store as the service uses it, until it is closed.
protocol ServedStore: KeyStore, StoreTransfer {
    /// Closes the store. Every later call fails.
    func close() async throws(StoreError)
}

extension SQLiteKeyStore: ServedStore {}

/// The behaviour if there is no store.
enum StoreAccess {
    /// Make a store. An existing one is opened as it is.
    case create
    /// Fail.
    case existing
}
