/// Records whose seals were checked, as they were when the store was at a certain generation.
///
/// A plain value that does no I/O: ``VerifiedRecords`` owns it and decides when a generation is over. An entry of an
/// older generation may still be right, but has to be read again and compared before it is used.
struct RecordCache {
    struct Entry<Record> {
        var record: Record
        var generation: UInt64
    }

    struct QualifiedName: Hashable {
        let project: ProjectID
        let name: KeyName
    }

    /// Grows when somebody may have changed the store.
    private(set) var generation: UInt64 = 0
    /// Grows with each change that this process makes, so that a read that began before is not kept after it.
    private(set) var changes: UInt64 = 0
    private var mark: Int64?
    private var markTaken: ContinuousClock.Instant?

    private var keys: LeastRecentlyUsed<KeyID, Entry<Sealed<KeyRecord>>>
    private var versions: LeastRecentlyUsed<VersionID, Entry<Sealed<VersionRecord>>>
    private var names: LeastRecentlyUsed<QualifiedName, Entry<KeyID>>
    private var credentials: LeastRecentlyUsed<CredentialHash, Entry<Sealed<CredentialRecord>>>

    init(capacity: Int) {
        keys = LeastRecentlyUsed(capacity: capacity)
        versions = LeastRecentlyUsed(capacity: capacity)
        names = LeastRecentlyUsed(capacity: capacity)
        credentials = LeastRecentlyUsed(capacity: capacity)
    }

    /// Whether the change mark has to be read before anything is believed; answers true to one asker per lease.
    mutating func beginsLease(at now: ContinuousClock.Instant, lasting lease: Duration) -> Bool {
        if let markTaken, now - markTaken < lease { return false }
        markTaken = now
        return true
    }

    /// The mark could not be read: the next asker has to.
    mutating func endLease() {
        markTaken = nil
    }

    /// Takes the store's change mark; another one than before ends the generation.
    mutating func take(mark: Int64) {
        guard mark != self.mark else { return }
        self.mark = mark
        generation += 1
    }

    mutating func current(_ id: KeyID) -> KeyRecord? {
        keys.use(id).flatMap { $0.generation == generation ? $0.record.unverified : nil }
    }

    mutating func current(_ id: VersionID) -> VersionRecord? {
        versions.use(id).flatMap { $0.generation == generation ? $0.record.unverified : nil }
    }

    mutating func current(_ name: QualifiedName) -> KeyID? {
        names.use(name).flatMap { $0.generation == generation ? $0.record : nil }
    }

    mutating func current(_ hash: CredentialHash) -> CredentialRecord? {
        credentials.use(hash).flatMap { $0.generation == generation ? $0.record.unverified : nil }
    }

    /// Whether exactly this record was verified before, in whatever generation.
    mutating func knows(_ record: Sealed<KeyRecord>) -> Bool { keys.use(record.unverified.id)?.record == record }
    mutating func knows(_ record: Sealed<VersionRecord>) -> Bool {
        versions.use(record.unverified.id)?.record == record
    }
    mutating func knows(_ record: Sealed<CredentialRecord>) -> Bool {
        credentials.use(record.unverified.hash)?.record == record
    }

    /// Keeps what was read when the cache was at `moment`, unless a change was made since.
    mutating func keep(
        key: Sealed<KeyRecord>, version: Sealed<VersionRecord>?, readAt moment: Moment
    ) {
        guard moment.changes == changes else { return }
        keys.insert(Entry(record: key, generation: moment.generation), for: key.unverified.id)
        guard let version else { return }
        versions.insert(Entry(record: version, generation: moment.generation), for: version.unverified.id)
    }

    mutating func keep(_ id: KeyID, as name: QualifiedName, readAt moment: Moment) {
        guard moment.changes == changes else { return }
        names.insert(Entry(record: id, generation: moment.generation), for: name)
    }

    mutating func keep(_ credential: Sealed<CredentialRecord>, readAt moment: Moment) {
        guard moment.changes == changes else { return }
        credentials.insert(Entry(record: credential, generation: moment.generation), for: credential.unverified.hash)
    }

    /// When a read began.
    struct Moment {
        let generation: UInt64
        let changes: UInt64
    }

    var moment: Moment { Moment(generation: generation, changes: changes) }

    /// Ends the generation because this process changed the store.
    mutating func noteChange() {
        changes += 1
        generation += 1
    }
}
