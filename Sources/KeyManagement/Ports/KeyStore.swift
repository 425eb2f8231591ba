/// The database that the domain requires: sealed documents, found by the columns of their ``DocumentIndex``.
///
/// When a call returns, its change is on disk. Each transaction includes the change of the state digest. A lost race fails with
/// ``StoreError/conflict`` or ``StoreError/stateMoved`` and never overwrites. The contract suite `KeyStoreContract` tests what an
/// adapter must guarantee. The calls for each kind of record are extensions of this protocol.
package protocol KeyStore: Sendable {
    /// Returns the token that the store belongs to; `nil` if the store is new.
    func binding() async throws(StoreError) -> TokenBinding?

    /// Returns the documents at these addresses, in order and read in one transaction; `nil` where there is none.
    func documents(at addresses: [DocumentAddress]) async throws(StoreError) -> [SealedDocument?]

    /// Returns the page of documents that the query describes.
    func documents(_ query: DocumentQuery) async throws(StoreError) -> [SealedDocument]

    /// Returns at most `limit` documents of a kind for which a task is due by `moment`, the most overdue first.
    func documents(
        due task: DueTask, of kind: RecordKind, by moment: Timestamp, limit: Int
    ) async throws(StoreError) -> [DueDocument]

    /// Makes all changes of a transaction or none.
    ///
    /// - Returns: the number of documents that were resealed.
    /// - Throws: ``StoreError/conflict``, ``StoreError/nameTaken``, ``StoreError/repeated`` or ``StoreError/stateMoved``, as the first
    ///   change that is not possible says; ``StoreError/conflict`` for a document under a closed epoch.
    func commit(_ transaction: StoreTransaction) async throws(StoreError) -> Int

    /// Returns a shard of the state digest with all its members, read in one transaction.
    func members(of shard: ShardIndex) async throws(StoreError) -> ShardDocument

    /// Returns the digests stored for these places, in order; `nil` where there is no member.
    func digests(of members: [StatePlace]) async throws(StoreError) -> [[UInt8]?]

    /// Returns all shards and the number of records, read in one transaction.
    func shardDocuments() async throws(StoreError) -> ShardDocuments

    /// Returns the number of records under each epoch. A record sealed under one and wrapped under another counts for both.
    func epochUses() async throws(StoreError) -> [RootEpoch: EpochUse]

    /// Closes epochs: the store then refuses every record that is sealed or wrapped under this epoch or an earlier one, with
    /// ``StoreError/conflict``.
    ///
    /// - Throws: ``StoreError/conflict`` if the store has such a record.
    func closeEpochs(through epoch: RootEpoch) async throws(StoreError)

    /// Returns the epochs under which keys were ever wrapped and stored, the earliest first.
    func blobEpochs() async throws(StoreError) -> [RootEpoch]

    /// Returns the keys that were ever wrapped under an epoch and stored, those after `cursor`, in the order of their digests.
    func blobs(under epoch: RootEpoch, after cursor: [UInt8]?, limit: Int) async throws(StoreError) -> [WrappedBlob]

    /// Adds counts to those stored for the same version and day. Uses of versions that are gone are dropped.
    func add(_ uses: [DailyUse]) async throws(StoreError)

    /// Returns the sum of the counts for a version, starting with a day.
    func uses(of version: VersionID, since day: Int64) async throws(StoreError) -> UsageSummary

    /// Deletes the counts of all days before a day, and those of keys by subject and verb whose last use was before it.
    func deleteUses(before day: Int64) async throws(StoreError)

    /// Adds counts to those stored for the same key, subject and verb. Uses of keys that are gone are dropped.
    func add(_ uses: [KeyUse]) async throws(StoreError)

    /// Returns at most `limit` uses of a key by subject and verb, the latest first.
    func uses(of key: KeyID, limit: Int) async throws(StoreError) -> [KeyUse]

    /// Records the times at which credentials were last used. These times are not sealed, because no decision depends on them.
    func noteUses(_ uses: [CredentialHash: Timestamp]) async throws(StoreError)

    /// Returns the time at which a credential was last used, as far as it was recorded.
    func lastUse(of credential: CredentialHash) async throws(StoreError) -> Timestamp?

    /// Returns a number that differs from the previous one if any process has changed the store since.
    func changeMark() async throws(StoreError) -> Int64

    /// Throws if the store cannot be read and written.
    func checkHealth() async throws(StoreError)
}
