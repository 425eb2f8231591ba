package import KeyManagement

/// A store in front of another. It passes on every call that it does not implement itself.
package protocol PassingStore: KeyStore {
    /// The store behind it. Every call that is passed on reads this property once.
    var store: any KeyStore { get async }
}

extension PassingStore {
    package func binding() async throws(StoreError) -> TokenBinding? { try await store.binding() }

    package func documents(at addresses: [DocumentAddress]) async throws(StoreError) -> [SealedDocument?] {
        try await store.documents(at: addresses)
    }

    package func documents(_ query: DocumentQuery) async throws(StoreError) -> [SealedDocument] {
        try await store.documents(query)
    }

    package func documents(
        due task: DueTask, of kind: RecordKind, by moment: Timestamp, limit: Int
    ) async throws(StoreError) -> [DueDocument] {
        try await store.documents(due: task, of: kind, by: moment, limit: limit)
    }

    package func commit(_ transaction: StoreTransaction) async throws(StoreError) -> Int {
        try await store.commit(transaction)
    }

    package func members(of shard: ShardIndex) async throws(StoreError) -> ShardDocument {
        try await store.members(of: shard)
    }

    package func digests(of members: [StatePlace]) async throws(StoreError) -> [[UInt8]?] {
        try await store.digests(of: members)
    }

    package func shardDocuments() async throws(StoreError) -> ShardDocuments { try await store.shardDocuments() }

    package func epochUses() async throws(StoreError) -> [RootEpoch: EpochUse] { try await store.epochUses() }

    package func closeEpochs(through epoch: RootEpoch) async throws(StoreError) {
        try await store.closeEpochs(through: epoch)
    }

    package func blobEpochs() async throws(StoreError) -> [RootEpoch] { try await store.blobEpochs() }

    package func blobs(
        under epoch: RootEpoch, after cursor: [UInt8]?, limit: Int
    ) async throws(StoreError) -> [WrappedBlob] {
        try await store.blobs(under: epoch, after: cursor, limit: limit)
    }

    package func add(_ uses: [DailyUse]) async throws(StoreError) { try await store.add(uses) }

    package func uses(of version: VersionID, since day: Int64) async throws(StoreError) -> UsageSummary {
        try await store.uses(of: version, since: day)
    }

    package func deleteUses(before day: Int64) async throws(StoreError) { try await store.deleteUses(before: day) }

    package func add(_ uses: [KeyUse]) async throws(StoreError) { try await store.add(uses) }

    package func uses(of key: KeyID, limit: Int) async throws(StoreError) -> [KeyUse] {
        try await store.uses(of: key, limit: limit)
    }

    package func noteUses(_ uses: [CredentialHash: Timestamp]) async throws(StoreError) {
        try await store.noteUses(uses)
    }

    package func lastUse(of credential: CredentialHash) async throws(StoreError) -> Timestamp? {
        try await store.lastUse(of: credential)
    }

    package func changeMark() async throws(StoreError) -> Int64 { try await store.changeMark() }

    package func checkHealth() async throws(StoreError) { try await store.checkHealth() }
}
