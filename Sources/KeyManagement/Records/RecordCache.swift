import Caching
internal import SystemClock

/// The cache of verified records, as they were when the store was at a certain generation.
///
/// A plain value that does no I/O: ``VerifiedRecords`` owns it and queries the store. An entry of an older generation may still
/// be current, but it must be read again and compared before it is used.
struct RecordCache {
    struct Entry<Record> {
        let record: Record
        let generation: UInt64
    }

    struct QualifiedName: Hashable {
        let project: ProjectID
        let name: KeyName
    }

    struct DocumentName: Hashable {
        let kind: DirectoryKind
        let key: String
    }

    /// A directory document, and the record that it contains.
    struct Document {
        let sealed: Sealed<DirectoryDocument>
        let record: any DirectoryRecord
    }

    /// A query in flight for the store's change mark.
    struct Question {
        let askedAt: MonotonicTime
        let answer: Task<Result<Int64, StoreError>, Never>
    }

    /// The moment at which a read began.
    struct Moment {
        let generation: UInt64
        let changes: UInt64
    }

    /// The generation, which grows when the store may have changed.
    private var generation: UInt64 = 0
    /// The number of changes made by this process. A read that began before a change is not cached after it.
    private var changes: UInt64 = 0
    private var mark: Int64?
    /// The time at which the last answered query was sent.
    private var confirmedAt = MonotonicTime(nanoseconds: .min)
    /// The query in flight. Callers that need an answer meanwhile wait for it.
    private(set) var question: Question?

    private var keys: LeastRecentlyUsed<KeyID, Entry<Sealed<KeyRecord>>>
    private var versions: LeastRecentlyUsed<VersionID, Entry<Sealed<VersionRecord>>>
    private var names: LeastRecentlyUsed<QualifiedName, Entry<KeyID>>
    private var documents: LeastRecentlyUsed<DocumentName, Entry<Document>>
    private var profiles: LeastRecentlyUsed<SubjectID, Entry<Profile>>
    private var standings: LeastRecentlyUsed<CredentialHash, Entry<ResolvedCredential>>

    init(capacity: Int) {
        keys = LeastRecentlyUsed(capacity: capacity)
        versions = LeastRecentlyUsed(capacity: capacity)
        names = LeastRecentlyUsed(capacity: capacity)
        documents = LeastRecentlyUsed(capacity: capacity)
        profiles = LeastRecentlyUsed(capacity: capacity)
        standings = LeastRecentlyUsed(capacity: capacity)
    }

    var moment: Moment { Moment(generation: generation, changes: changes) }

    /// Returns true if a query sent at `start` or later was answered.
    func isConfirmed(since start: MonotonicTime) -> Bool { confirmedAt >= start }

    mutating func begin(_ question: Question) {
        self.question = question
    }

    /// Takes the answer to a query; only the first delivery counts. A changed mark ends the generation.
    mutating func end(_ question: Question, with answer: Result<Int64, StoreError>) {
        guard self.question?.answer == question.answer else { return }
        self.question = nil
        guard case .success(let mark) = answer else { return }
        confirmedAt = question.askedAt
        guard mark != self.mark else { return }
        self.mark = mark
        generation += 1
    }

    /// Ends the generation because this process changed the store.
    mutating func noteChange() {
        changes += 1
        generation += 1
    }
}

extension RecordCache {
    mutating func current(_ id: KeyID) -> KeyRecord? {
        keys.use(id).flatMap { $0.generation == generation ? $0.record.unverified : nil }
    }

    mutating func current(_ id: VersionID) -> VersionRecord? {
        versions.use(id).flatMap { $0.generation == generation ? $0.record.unverified : nil }
    }

    mutating func current(_ name: QualifiedName) -> KeyID? {
        names.use(name).flatMap { $0.generation == generation ? $0.record : nil }
    }

    mutating func current(_ name: DocumentName) -> (any DirectoryRecord)? {
        documents.use(name).flatMap { $0.generation == generation ? $0.record.record : nil }
    }

    mutating func currentProfile(of subject: SubjectID) -> Profile? {
        profiles.use(subject).flatMap { $0.generation == generation ? $0.record : nil }
    }

    mutating func currentStanding(of credential: CredentialHash) -> ResolvedCredential? {
        standings.use(credential).flatMap { $0.generation == generation ? $0.record : nil }
    }

    /// Returns true if exactly this record was verified before, in any generation.
    mutating func knows(_ record: Sealed<KeyRecord>) -> Bool {
        keys.use(record.unverified.id)?.record == record
    }

    mutating func knows(_ record: Sealed<VersionRecord>) -> Bool {
        versions.use(record.unverified.id)?.record == record
    }

    /// Returns the record that exactly this document was found to contain before, in any generation.
    mutating func known(_ document: Sealed<DirectoryDocument>, as name: DocumentName) -> (any DirectoryRecord)? {
        guard let known = documents.use(name)?.record, known.sealed == document else { return nil }
        return known.record
    }

    /// Caches records that were read when the cache was at `moment`, unless a change was made since.
    mutating func keep(key: Sealed<KeyRecord>, version: Sealed<VersionRecord>?, readAt moment: Moment) {
        guard moment.changes == changes else { return }
        keys.insert(Entry(record: key, generation: moment.generation), for: key.unverified.id)
        guard let version else { return }
        versions.insert(Entry(record: version, generation: moment.generation), for: version.unverified.id)
    }

    mutating func keep(_ id: KeyID, as name: QualifiedName, readAt moment: Moment) {
        guard moment.changes == changes else { return }
        names.insert(Entry(record: id, generation: moment.generation), for: name)
    }

    mutating func keep(_ document: Document, as name: DocumentName, readAt moment: Moment) {
        guard moment.changes == changes else { return }
        documents.insert(Entry(record: document, generation: moment.generation), for: name)
    }

    mutating func keep(_ standing: ResolvedCredential, readAt moment: Moment) {
        guard moment.changes == changes else { return }
        standings.insert(Entry(record: standing, generation: moment.generation), for: standing.credential.hash)
    }

    mutating func keep(_ profile: Profile, readAt moment: Moment) {
        guard moment.changes == changes else { return }
        profiles.insert(Entry(record: profile, generation: moment.generation), for: profile.subject)
    }
}
