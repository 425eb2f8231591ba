// The parts of a store other than keys and versions, one protocol for each.

/// The store of aliases, the second names of keys.
public protocol AliasStore: Sendable {
    func alias(_ name: KeyName, in project: ProjectID) async throws(StoreError) -> Sealed<AliasRecord>?

    /// Adds an alias if its revision is 1, or moves it if its revision is one more than the stored one.
    ///
    /// - Throws: ``StoreError/nameTaken`` if a key of the project has that name; ``StoreError/conflict`` if the alias is no
    ///   longer at the expected revision, or the key is gone.
    func save(_ alias: Sealed<AliasRecord>, state: StateChange) async throws(StoreError)

    /// Deletes an alias.
    ///
    /// - Throws: ``StoreError/conflict`` if the alias is no longer at this revision.
    func deleteAlias(
        _ name: KeyName, in project: ProjectID, revision: UInt64, state: StateChange
    ) async throws(StoreError)

    /// Returns at most `limit` aliases of a project, or of one of its keys, sorted by name, starting with the first name after
    /// `cursor`.
    func aliases(
        in project: ProjectID, of key: KeyID?, after cursor: KeyName?, limit: Int
    ) async throws(StoreError) -> [Sealed<AliasRecord>]
}

/// The store of answers to idempotent requests.
public protocol AnswerStore: Sendable {
    func answer(_ id: IdempotentRequestID) async throws(StoreError) -> Sealed<IdempotentAnswer>?

    /// Returns at most `limit` answers that were given before `moment`, the oldest first.
    func answers(before moment: Timestamp, limit: Int) async throws(StoreError) -> [IdempotentRequestID]

    /// Deletes answers, and ignores those that do not exist.
    func deleteAnswers(_ ids: [IdempotentRequestID], state: StateChange) async throws(StoreError)
}

/// The queries for scheduled work that is due.
public protocol DueStore: Sendable {
    /// Returns at most `limit` keys whose rotation is due by `moment`, the most overdue first. Keys that are disabled, not
    /// active or imported may be among them.
    func keysDueForRotation(by moment: Timestamp, limit: Int) async throws(StoreError) -> [KeyID]

    /// Returns at most `limit` keys whose deletion is due by `moment`, the most overdue first.
    func keysDueForDeletion(by moment: Timestamp, limit: Int) async throws(StoreError) -> [KeyID]

    /// Returns at most `limit` keys with imported material that expires by `moment`, the most overdue first. The expiry may be
    /// that of a version or of the key itself.
    func keysWithExpiredMaterial(by moment: Timestamp, limit: Int) async throws(StoreError) -> [KeyID]

    /// Returns at most `limit` versions whose destruction is due by `moment`, the most overdue first.
    func versionsDueForDestruction(by moment: Timestamp, limit: Int) async throws(StoreError) -> [VersionID]
}

/// The store of import jobs, the key pairs under which material is imported.
public protocol ImportJobStore: Sendable {
    func insert(_ job: Sealed<ImportJob>, state: StateChange) async throws(StoreError)

    func importJob(_ id: ImportJobID) async throws(StoreError) -> Sealed<ImportJob>?

    /// Deletes a job. Its wrapped private key is erased in the same way as the blob of a destroyed version.
    func deleteImportJob(_ id: ImportJobID, state: StateChange) async throws(StoreError)

    /// Returns at most `limit` jobs that have expired by `moment`.
    func importJobsExpired(by moment: Timestamp, limit: Int) async throws(StoreError) -> [ImportJobID]
}

/// The store of usage counts and reservations of versions.
public protocol UsageStore: Sendable {
    func usage(of version: VersionID) async throws(StoreError) -> Sealed<UsageRecord>?

    /// Raises the reserved uses of versions, all or nothing, in one transaction.
    ///
    /// - Throws: ``StoreError/conflict`` if one of them no longer has `from` reserved (0: no record), or its key is gone.
    func reserve(_ reservations: [UsageReservation], state: StateChange) async throws(StoreError)

    /// Adds counts to those stored for the same version and day. Uses of keys that are gone are dropped.
    func add(_ uses: [DailyUse]) async throws(StoreError)

    /// Returns the sum of the counts for a version, starting with a day.
    func uses(of version: VersionID, since day: Int64) async throws(StoreError) -> UsageSummary

    /// Deletes the counts of all days before a day.
    func deleteUses(before day: Int64) async throws(StoreError)
}

/// One increase of a version's reserved uses.
public struct UsageReservation: Sendable {
    /// The number of reserved uses that the store must have now.
    public let from: UInt64
    public let record: Sealed<UsageRecord>

    public init(from: UInt64, record: Sealed<UsageRecord>) {
        self.from = from
        self.record = record
    }
}
