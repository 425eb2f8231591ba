import KeyManagement
import StoreSQLite

/// The configured store, by the path of its database.
struct StoreFile {
    let path: String

    /// Reads which token the store belongs to, and changes nothing.
    ///
    /// - Returns: nil if the store is not initialised.
    func binding() throws(Failure) -> TokenBinding? {
        try Self.reading { () throws(StoreOpenError) in try SQLiteKeyStore.binding(at: path) }
    }

    /// Opens the store, and migrates its schema.
    func open(_ access: StoreAccess) throws(Failure) -> any ServedStore {
        try Self.reading { () throws(StoreOpenError) in
            try SQLiteKeyStore.open(path: path, access: access == .create ? .create : .existing)
        }
    }

    /// Fails if there is no store at the path, or it is not initialised.
    func requireInitialized() throws(Failure) {
        guard try binding() != nil else { throw Failure(.store, "\(StoreOpenError.notAKeyStore(path: path))") }
    }

    /// Copies the store as of one moment, while others use it.
    ///
    /// Writers wait only while `atMoment` runs. Nothing changes in that time.
    ///
    /// - Parameters:
    ///   - destination: a file that does not exist.
    ///   - progress: called at intervals with the number of pages copied, and the total.
    /// - Throws: ``Failure``, or an error of `atMoment`. The destination then does not exist.
    func copy(
        to destination: String, atMoment: () throws -> Void, progress: @escaping (_ done: Int, _ total: Int) -> Void
    ) throws -> StoreCopy {
        do {
            try SQLiteKeyStore.copy(path, to: destination, atMoment: atMoment, progress: progress)
            return StoreCopy(path: destination)
        } catch let error as StoreOpenError {
            throw Failure(.store, "\(error)")
        }
    }

    /// Returns the changes that are undone if a copy replaces the store. Both are only read.
    func differences(from copy: StoreCopy) throws(Failure) -> [StoreDifference] {
        try Self.reading { () throws(StoreOpenError) in try SQLiteKeyStore.differences(of: path, from: copy.path) }
    }

    /// Runs a call of the adapter, and maps its failure.
    static func reading<Result>(_ body: () throws(StoreOpenError) -> Result) throws(Failure) -> Result {
        do throws(StoreOpenError) {
            return try body()
        } catch {
            throw Failure(.store, "\(error)")
        }
    }
}
