// What a store keeps beside keys and versions, a protocol for each.

/// Second names of keys.
public protocol AliasStore: Sendable {
    func alias(_ name: KeyName, in project: ProjectID) async throws(StoreError) -> Sealed<AliasRecord>?

    /// Adds an alias, when its revision is 1, or moves it, when it is one more than the one in the store.
    ///
    /// - Throws: ``StoreError/nameTaken`` when a key of the project has that name, ``StoreError/conflict`` when the alias is not at
    ///   the expected revision any more, or the key is gone.
    func save(_ alias: Sealed<AliasRecord>, state: StateChange) async throws(StoreError)

    /// - Throws: ``StoreError/conflict`` when the alias is not at this revision any more.
    func deleteAlias(
        _ name: KeyName, in project: ProjectID, revision: UInt64, state: StateChange
    ) async throws(StoreError)

    /// At most `limit` aliases of a project, or of one of its keys, sorted by name, from the first name after `cursor` on.
    func aliases(
        in project: ProjectID, of key: KeyID?, after cursor: KeyName?, limit: Int
    ) async throws(StoreError) -> [Sealed<AliasRecord>]
}

/// Answers to requests that may be repeated.
public protocol AnswerStore: Sendable {
    func answer(_ id: RepeatableRequestID) async throws(StoreError) -> Sealed<StoredAnswer>?

    /// At most `limit` answers that were given before `moment`, the oldest first.
    func answers(before moment: Timestamp, limit: Int) async throws(StoreError) -> [RepeatableRequestID]

    /// Deletes answers. Those that are not there are none to delete.
    func deleteAnswers(_ ids: [RepeatableRequestID], state: StateChange) async throws(StoreError)
}

/// What has to be done when its time has come.
public protocol DueStore: Sendable {
    /// At most `limit` keys whose rotation is due by `moment`, the most overdue first. What is disabled, not active or imported may
    /// be among them.
    func keysDueForRotation(by moment: Timestamp, limit: Int) async throws(StoreError) -> [KeyID]

    /// At most `limit` keys whose deletion is due by `moment`, the most overdue first.
    func keysDueForDeletion(by moment: Timestamp, limit: Int) async throws(StoreError) -> [KeyID]

    /// At most `limit` keys with a version whose imported material expires by `moment`, or that have such an expiry themselves, the most
    /// overdue first.
    func keysWithExpiredMaterial(by moment: Timestamp, limit: Int) async throws(StoreError) -> [KeyID]

    /// At most `limit` versions whose destruction is due by `moment`, the most overdue first.
    func versionsDueForDestruction(by moment: Timestamp, limit: Int) async throws(StoreError) -> [VersionID]
}

/// Key pairs under which material is brought.
public protocol ImportJobStore: Sendable {
    func insert(_ job: Sealed<ImportJob>, state: StateChange) async throws(StoreError)

    func importJob(_ id: ImportJobID) async throws(StoreError) -> Sealed<ImportJob>?

    /// Deletes a job; the wrapped private half is erased as a destroyed version's blob is.
    func deleteImportJob(_ id: ImportJobID, state: StateChange) async throws(StoreError)

    /// At most `limit` jobs that have expired by `moment`.
    func importJobsExpired(by moment: Timestamp, limit: Int) async throws(StoreError) -> [ImportJobID]
}

/// How often versions were used.
public protocol UsageStore: Sendable {
    func usage(of version: VersionID) async throws(StoreError) -> Sealed<UsageRecord>?

    /// Raises the reserved uses of versions, all or nothing, in one transaction.
    ///
    /// - Throws: ``StoreError/conflict`` when one of them does not have `from` reserved any more (0: no record), or its key is gone.
    func reserve(_ reservations: [UsageReservation], state: StateChange) async throws(StoreError)

    /// Adds what was counted to what the store has for the same version and day. Uses of keys that are gone are dropped.
    func add(_ uses: [DailyUse]) async throws(StoreError)

    /// The sum of what was counted for a version from a day on.
    func uses(of version: VersionID, since day: Int64) async throws(StoreError) -> UsageSummary

    /// Deletes what was counted before a day.
    func deleteUses(before day: Int64) async throws(StoreError)
}

/// A step of a version's reserved uses.
public struct UsageReservation: Sendable {
    /// What has to be in the store.
    public let from: UInt64
    public let record: Sealed<UsageRecord>

    public init(from: UInt64, record: Sealed<UsageRecord>) {
        self.from = from
        self.record = record
    }
}
