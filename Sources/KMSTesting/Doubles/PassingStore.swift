public import KeyManagement

/// A store in front of another. It passes on every call that it does not implement itself.
public protocol PassingStore: KeyStore {
    /// The store behind it. Every call that is passed on reads this property once.
    var store: any KeyStore { get async }
}

extension PassingStore {
    public func binding() async throws(StoreError) -> TokenBinding? { try await store.binding() }

    public func documents(at addresses: [DocumentAddress]) async throws(StoreError) -> [SealedDocument?] {
        try await store.documents(at: addresses)
    }

    public func documents(_ query: DocumentQuery) async throws(StoreError) -> [SealedDocument] {
        try await store.documents(query)
    }

    public func documents(
        due task: DueTask, of kind: RecordKind, by moment: Timestamp, limit: Int
    ) async throws(StoreError) -> [DueDocument] {
        try await store.documents(due: task, of: kind, by: moment, limit: limit)
    }

    public func commit(_ transaction: StoreTransaction) async throws(StoreError) -> Int {
        try await store.commit(transaction)
    }

    public func members(of shard: ShardIndex) async throws(StoreError) -> ShardDocument {
        try await store.members(of: shard)
    }

    public func digests(of members: [StatePlace]) async throws(StoreError) -> [[UInt8]?] {
        try await store.digests(of: members)
    }

    public func shardDocuments() async throws(StoreError) -> ShardDocuments { try await store.shardDocuments() }

    public func epochUses() async throws(StoreError) -> [RootEpoch: EpochUse] { try await store.epochUses() }

    public func closeEpochs(through epoch: RootEpoch) async throws(StoreError) {
        try await store.closeEpochs(through: epoch)
    }

    public func blobEpochs() async throws(StoreError) -> [RootEpoch] { try await store.blobEpochs() }

    public func blobs(
        under epoch: RootEpoch, after cursor: [UInt8]?, limit: Int
    ) async throws(StoreError) -> [WrappedBlob] {
        try await store.blobs(under: epoch, after: cursor, limit: limit)
    }

    public func add(_ uses: [DailyUse]) async throws(StoreError) { try await store.add(uses) }

    public func uses(of version: VersionID, since day: Int64) async throws(StoreError) -> UsageSummary {
        try await store.uses(of: version, since: day)
    }

    public func deleteUses(before day: Int64) async throws(StoreError) { try await store.deleteUses(before: day) }

    public func noteUses(_ uses: [CredentialHash: Timestamp]) async throws(StoreError) {
        try await store.noteUses(uses)
    }

    public func lastUse(of credential: CredentialHash) async throws(StoreError) -> Timestamp? {
        try await store.lastUse(of: credential)
    }

    public func changeMark() async throws(StoreError) -> Int64 { try await store.changeMark() }

    public func checkHealth() async throws(StoreError) { try await store.checkHealth() }
}
