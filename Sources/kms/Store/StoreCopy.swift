import KeyManagement
import StoreSQLite

/// A copy of a store that nothing else uses. It is neither changed nor migrated.
struct StoreCopy {
    let path: String

    /// Returns the token that the store belongs to; nil if it is not initialised.
    func binding() throws(Failure) -> TokenBinding? {
        try StoreFile.reading { () throws(StoreOpenError) in try SQLiteKeyStore.binding(ofCopy: path) }
    }

    /// Returns the defects of the database, in its own words; empty if there are none.
    func findings() throws(Failure) -> [String] {
        try StoreFile.reading { () throws(StoreOpenError) in try SQLiteKeyStore.findings(inCopy: path) }
    }

    /// Returns the number of keys, and the number of versions in each state.
    func counts() throws(Failure) -> (keys: Int, versions: [String: Int]) {
        try StoreFile.reading { () throws(StoreOpenError) in try SQLiteKeyStore.counts(inCopy: path) }
    }

    /// Returns the SHA-256 of each wrapped key under an epoch, in hexadecimal.
    func blobDigests(under epoch: RootEpoch) throws(Failure) -> [String] {
        try StoreFile.reading { () throws(StoreOpenError) in try SQLiteKeyStore.digests(inCopy: path, under: epoch) }
    }
}
