/// The store without its changes. What it returns is not verified yet; ``VerifiedRecords`` does that.
struct StoreReader: Sendable {
    private let store: any KeyStore

    init(_ store: any KeyStore) {
        self.store = store
    }

    // MARK: One record

    func binding() async throws(StoreError) -> TokenBinding? { try await store.binding() }

    func document(_ kind: DirectoryKind, _ key: String) async throws(StoreError) -> Sealed<DirectoryDocument>? {
        try await store.document(kind, key)
    }

    func key(_ id: KeyID, with choice: VersionChoice) async throws(StoreError) -> StoredKey? {
        try await store.key(id, with: choice)
    }

    func keyID(named name: KeyName, in project: ProjectID) async throws(StoreError) -> KeyID? {
        try await store.keyID(named: name, in: project)
    }

    func alias(_ name: KeyName, in project: ProjectID) async throws(StoreError) -> Sealed<AliasRecord>? {
        try await store.alias(name, in: project)
    }

    func tombstone(of key: KeyID) async throws(StoreError) -> Sealed<KeyTombstone>? {
        try await store.tombstone(of: key)
    }

    func answer(_ id: IdempotentRequestID) async throws(StoreError) -> Sealed<IdempotentAnswer>? {
        try await store.answer(id)
    }

    func importJob(_ id: ImportJobID) async throws(StoreError) -> Sealed<ImportJob>? { try await store.importJob(id) }

    // MARK: Pages

    func documents(
        _ kind: DirectoryKind, of parent: String?, after cursor: String?, limit: Int
    ) async throws(StoreError) -> [Sealed<DirectoryDocument>] {
        try await store.documents(kind, of: parent, after: cursor, limit: limit)
    }

    func keys(
        in project: ProjectID, after cursor: KeyName?, limit: Int
    ) async throws(StoreError) -> [Sealed<KeyRecord>] {
        try await store.keys(in: project, after: cursor, limit: limit)
    }

    func versions(
        of key: KeyID, before cursor: VersionNumber?, limit: Int
    ) async throws(StoreError) -> [Sealed<VersionRecord>] {
        try await store.versions(of: key, before: cursor, limit: limit)
    }

    func versions(of key: KeyID, with checkValue: CheckValue) async throws(StoreError) -> [Sealed<VersionRecord>] {
        try await store.versions(of: key, with: checkValue)
    }

    func aliases(
        in project: ProjectID, of key: KeyID?, after cursor: KeyName?, limit: Int
    ) async throws(StoreError) -> [Sealed<AliasRecord>] {
        try await store.aliases(in: project, of: key, after: cursor, limit: limit)
    }

    func records(
        of kind: RecordKind, before epoch: RootEpoch, after cursor: RecordPlace?, limit: Int
    ) async throws(StoreError) -> [StoredRecord] {
        try await store.records(of: kind, before: epoch, after: cursor, limit: limit)
    }

    func page(
        of kind: RecordKind, before epoch: RootEpoch, after cursor: RecordPlace?, limit: Int
    ) async throws(StoreError) -> RecordPage {
        try await store.page(of: kind, before: epoch, after: cursor, limit: limit)
    }

    func blobs(
        under epoch: RootEpoch, after cursor: [UInt8]?, limit: Int
    ) async throws(StoreError) -> [WrappedBlob] {
        try await store.blobs(under: epoch, after: cursor, limit: limit)
    }

    // MARK: Numbers and times, which are not sealed

    func blobEpochs() async throws(StoreError) -> [RootEpoch] { try await store.blobEpochs() }

    func epochUses() async throws(StoreError) -> [RootEpoch: EpochUse] { try await store.epochUses() }

    func stateTotals() async throws(StoreError) -> StateTotals { try await store.stateTotals() }

    func lastUse(of credential: CredentialHash) async throws(StoreError) -> Timestamp? {
        try await store.lastUse(of: credential)
    }

    func uses(of version: VersionID, since day: Int64) async throws(StoreError) -> UsageSummary {
        try await store.uses(of: version, since: day)
    }

    // MARK: Due work

    func keysDueForRotation(by moment: Timestamp, limit: Int) async throws(StoreError) -> [KeyID] {
        try await store.keysDueForRotation(by: moment, limit: limit)
    }

    func keysDueForDeletion(by moment: Timestamp, limit: Int) async throws(StoreError) -> [KeyID] {
        try await store.keysDueForDeletion(by: moment, limit: limit)
    }

    func keysWithExpiredMaterial(by moment: Timestamp, limit: Int) async throws(StoreError) -> [KeyID] {
        try await store.keysWithExpiredMaterial(by: moment, limit: limit)
    }

    func versionsDueForDestruction(by moment: Timestamp, limit: Int) async throws(StoreError) -> [VersionID] {
        try await store.versionsDueForDestruction(by: moment, limit: limit)
    }

    func importJobsExpired(by moment: Timestamp, limit: Int) async throws(StoreError) -> [ImportJobID] {
        try await store.importJobsExpired(by: moment, limit: limit)
    }

    func answers(before moment: Timestamp, limit: Int) async throws(StoreError) -> [IdempotentRequestID] {
        try await store.answers(before: moment, limit: limit)
    }
}
