public import KeyManagement

/// A store in front of another. It passes on every call that it does not implement itself.
public protocol PassingStore: KeyStore {
    /// The store behind it. Every call that is passed on reads this property once.
    var store: any KeyStore { get async }
}

extension PassingStore {
    public func binding() async throws(StoreError) -> TokenBinding? { try await store.binding() }

    public func initialize(
        binding: TokenBinding, directory: [Sealed<DirectoryDocument>], state: StateChange
    ) async throws(StoreError) {
        try await store.initialize(binding: binding, directory: directory, state: state)
    }

    public func document(
        _ kind: DirectoryKind, _ key: String
    ) async throws(StoreError) -> Sealed<DirectoryDocument>? {
        try await store.document(kind, key)
    }

    public func documents(
        _ kind: DirectoryKind, of parent: String?, after cursor: String?, limit: Int
    ) async throws(StoreError) -> [Sealed<DirectoryDocument>] {
        try await store.documents(kind, of: parent, after: cursor, limit: limit)
    }

    public func save(_ documents: [Sealed<DirectoryDocument>], state: StateChange) async throws(StoreError) {
        try await store.save(documents, state: state)
    }

    public func noteUses(_ uses: [CredentialHash: Timestamp]) async throws(StoreError) {
        try await store.noteUses(uses)
    }

    public func lastUse(of credential: CredentialHash) async throws(StoreError) -> Timestamp? {
        try await store.lastUse(of: credential)
    }

    public func insert(
        _ key: Sealed<KeyRecord>, versions: [Sealed<VersionRecord>], answer: Sealed<IdempotentAnswer>?,
        state: StateChange
    ) async throws(StoreError) {
        try await store.insert(key, versions: versions, answer: answer, state: state)
    }

    public func apply(_ change: KeyChange, state: StateChange) async throws(StoreError) {
        try await store.apply(change, state: state)
    }

    public func key(_ id: KeyID, with version: VersionChoice) async throws(StoreError) -> StoredKey? {
        try await store.key(id, with: version)
    }

    public func keyID(named name: KeyName, in project: ProjectID) async throws(StoreError) -> KeyID? {
        try await store.keyID(named: name, in: project)
    }

    public func keys(in project: ProjectID, after cursor: KeyName?, limit: Int) async throws(StoreError) -> [Sealed<
        KeyRecord
    >] {
        try await store.keys(in: project, after: cursor, limit: limit)
    }

    public func versions(
        of key: KeyID, before cursor: VersionNumber?, limit: Int
    ) async throws(StoreError) -> [Sealed<VersionRecord>] {
        try await store.versions(of: key, before: cursor, limit: limit)
    }

    public func changeMark() async throws(StoreError) -> Int64 {
        return try await store.changeMark()
    }

    public func checkHealth() async throws(StoreError) { try await store.checkHealth() }

    public func delete(
        _ key: KeyID, revision: UInt64, aliases: Int, leaving tombstone: Sealed<KeyTombstone>,
        answer: Sealed<IdempotentAnswer>?, state: StateChange
    ) async throws(StoreError) {
        try await store.delete(
            key, revision: revision, aliases: aliases, leaving: tombstone, answer: answer, state: state)
    }

    public func tombstone(of key: KeyID) async throws(StoreError) -> Sealed<KeyTombstone>? {
        try await store.tombstone(of: key)
    }

    public func versions(
        of key: KeyID, with checkValue: CheckValue
    ) async throws(StoreError) -> [Sealed<VersionRecord>] {
        try await store.versions(of: key, with: checkValue)
    }

    public func alias(_ name: KeyName, in project: ProjectID) async throws(StoreError) -> Sealed<AliasRecord>? {
        try await store.alias(name, in: project)
    }

    public func save(_ alias: Sealed<AliasRecord>, state: StateChange) async throws(StoreError) {
        try await store.save(alias, state: state)
    }

    public func deleteAlias(
        _ name: KeyName, in project: ProjectID, revision: UInt64, state: StateChange
    ) async throws(StoreError) {
        try await store.deleteAlias(name, in: project, revision: revision, state: state)
    }

    public func aliases(
        in project: ProjectID, of key: KeyID?, after cursor: KeyName?, limit: Int
    ) async throws(StoreError) -> [Sealed<AliasRecord>] {
        try await store.aliases(in: project, of: key, after: cursor, limit: limit)
    }

    public func answer(_ id: IdempotentRequestID) async throws(StoreError) -> Sealed<IdempotentAnswer>? {
        try await store.answer(id)
    }

    public func answers(before moment: Timestamp, limit: Int) async throws(StoreError) -> [IdempotentRequestID] {
        try await store.answers(before: moment, limit: limit)
    }

    public func deleteAnswers(_ ids: [IdempotentRequestID], state: StateChange) async throws(StoreError) {
        try await store.deleteAnswers(ids, state: state)
    }

    public func keysDueForRotation(by moment: Timestamp, limit: Int) async throws(StoreError) -> [KeyID] {
        try await store.keysDueForRotation(by: moment, limit: limit)
    }

    public func keysDueForDeletion(by moment: Timestamp, limit: Int) async throws(StoreError) -> [KeyID] {
        try await store.keysDueForDeletion(by: moment, limit: limit)
    }

    public func keysWithExpiredMaterial(by moment: Timestamp, limit: Int) async throws(StoreError) -> [KeyID] {
        try await store.keysWithExpiredMaterial(by: moment, limit: limit)
    }

    public func versionsDueForDestruction(by moment: Timestamp, limit: Int) async throws(StoreError) -> [VersionID] {
        try await store.versionsDueForDestruction(by: moment, limit: limit)
    }

    public func insert(_ job: Sealed<ImportJob>, state: StateChange) async throws(StoreError) {
        try await store.insert(job, state: state)
    }

    public func importJob(_ id: ImportJobID) async throws(StoreError) -> Sealed<ImportJob>? {
        try await store.importJob(id)
    }

    public func deleteImportJob(_ id: ImportJobID, state: StateChange) async throws(StoreError) {
        try await store.deleteImportJob(id, state: state)
    }

    public func importJobsExpired(by moment: Timestamp, limit: Int) async throws(StoreError) -> [ImportJobID] {
        try await store.importJobsExpired(by: moment, limit: limit)
    }

    public func usage(of version: VersionID) async throws(StoreError) -> Sealed<UsageRecord>? {
        try await store.usage(of: version)
    }

    public func reserve(_ reservations: [UsageReservation], state: StateChange) async throws(StoreError) {
        try await store.reserve(reservations, state: state)
    }

    public func add(_ uses: [DailyUse]) async throws(StoreError) {
        try await store.add(uses)
    }

    public func uses(of version: VersionID, since day: Int64) async throws(StoreError) -> UsageSummary {
        try await store.uses(of: version, since: day)
    }

    public func deleteUses(before day: Int64) async throws(StoreError) { try await store.deleteUses(before: day) }

    public func rebind(to binding: TokenBinding) async throws(StoreError) { try await store.rebind(to: binding) }

    public func epochUses() async throws(StoreError) -> [RootEpoch: EpochUse] { try await store.epochUses() }

    public func records(
        of kind: RecordKind, before epoch: RootEpoch, after cursor: RecordPlace?, limit: Int
    ) async throws(StoreError) -> [StoredRecord] {
        try await store.records(of: kind, before: epoch, after: cursor, limit: limit)
    }

    public func replace(_ replacements: [SealReplacement], state: StateChange) async throws(StoreError) -> Int {
        try await store.replace(replacements, state: state)
    }

    public func closeEpochs(through epoch: RootEpoch) async throws(StoreError) {
        try await store.closeEpochs(through: epoch)
    }

    public func blobEpochs() async throws(StoreError) -> [RootEpoch] { try await store.blobEpochs() }

    public func shard(_ index: ShardIndex) async throws(StoreError) -> StoredShard { try await store.shard(index) }

    public func counter(of shard: ShardIndex) async throws(StoreError) -> UInt64 {
        try await store.counter(of: shard)
    }

    public func shards() async throws(StoreError) -> [Sealed<StateShard>] { try await store.shards() }

    public func digests(of places: [StatePlace]) async throws(StoreError) -> [[UInt8]?] {
        try await store.digests(of: places)
    }

    public func stateTotals() async throws(StoreError) -> StateTotals { try await store.stateTotals() }

    public func replaceState(
        _ shards: [Sealed<StateShard>], _ members: [[StateMember]], adding document: Sealed<DirectoryDocument>?
    ) async throws(StoreError) {
        try await store.replaceState(shards, members, adding: document)
    }

    public func advance(_ shards: [Sealed<StateShard>], from counters: [UInt64]) async throws(StoreError) {
        try await store.advance(shards, from: counters)
    }

    public func blobs(
        under epoch: RootEpoch, after cursor: [UInt8]?, limit: Int
    ) async throws(StoreError) -> [WrappedBlob] {
        try await store.blobs(under: epoch, after: cursor, limit: limit)
    }
}
