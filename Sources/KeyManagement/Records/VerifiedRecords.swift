import Logging
import Synchronization
internal import SystemClock

/// The reader of records. It trusts none before its seal is verified.
///
/// Verified records are cached, and used for at most `lease` without asking the store for changes. So a change by another
/// process, or with an SQL shell, takes effect for every use that begins one lease later.
final class VerifiedRecords: Sendable {
    let store: any KeyStore
    let state: StateDigest
    let token: CheckedToken
    private let logger: Logger
    private let lease: Duration
    let cache: Mutex<RecordCache>

    init(
        store: any KeyStore, token: CheckedToken, state: StateDigest, capacity: Int, lease: Duration, logger: Logger
    ) {
        self.store = store
        self.state = state
        self.token = token
        self.logger = logger
        self.lease = lease
        cache = Mutex(RecordCache(capacity: capacity))
    }

    /// Notes a change. Call it after each change in the store.
    func noteChange() {
        cache.withLock { $0.noteChange() }
    }

    /// Returns the id behind a reference; `nil` if the project has no key of that name or alias. An id is not looked up.
    func resolve(_ reference: KeyReference, in project: ProjectID) async throws(KMSError) -> KeyID? {
        let name: KeyName
        switch reference {
        case .id(let id): return id
        case .name(let given): name = given
        }
        try await confirm()
        let qualified = RecordCache.QualifiedName(project: project, name: name)
        let (known, moment) = cache.withLock { ($0.current(qualified), $0.moment) }
        if let known { return known }
        let found = try await newest { () throws(StoreError) in
            try await store.keyID(named: name, in: project)
        } claims: { id in
            [StateClaim(.name(name, in: project), id.map { StateDigest.digest(of: $0.bytes) }, "the name \(name)")]
        }
        let id: KeyID
        if let found {
            id = found
        } else if let alias = try await alias(name, in: project) {
            id = alias.key
        } else {
            return nil
        }
        cache.withLock { $0.keep(id, as: qualified, readAt: moment) }
        return id
    }

    /// Returns a verified alias; `nil` if it does not exist.
    func alias(_ name: KeyName, in project: ProjectID) async throws(KMSError) -> AliasRecord? {
        let stored = try await newest { () throws(StoreError) in
            try await store.alias(name, in: project)
        } claims: { stored in
            [stored?.unverified.stateClaim ?? .absent(.alias(name, in: project), "the alias \(name)")]
        }
        guard let stored else { return nil }
        try await verify([claim(stored)])
        let alias = stored.unverified
        guard alias.name == name, alias.project == project else { throw tampered(alias.sealedName) }
        return alias
    }

    /// Returns a verified key; `nil` if it does not exist.
    func key(_ id: KeyID) async throws(KMSError) -> KeyRecord? {
        try await confirm()
        if let known = cache.withLock({ $0.current(id) }) { return known }
        return try await load(id, with: .none)?.key
    }

    /// Returns a verified key with one of its versions. The version is `nil` if the key has no such version.
    func key(
        _ id: KeyID, with choice: VersionChoice
    ) async throws(KMSError) -> (key: KeyRecord, version: VersionRecord?)? {
        if choice == .none { return try await key(id).map { ($0, nil) } }
        try await confirm()
        let known: (KeyRecord, VersionRecord)? = cache.withLock { cache in
            // The two may have been read one after the other, so together they are valid only if they agree.
            guard let key = cache.current(id), let number = choice.number(in: key),
                let version = cache.current(VersionID(key: id, number: number)),
                key.versions[number] == version.ledgerEntry
            else { return nil }
            return (key, version)
        }
        if let known { return known }
        return try await load(id, with: choice)
    }

    /// Requires that the cache is not older than the lease: queries the store, or waits for the query in flight.
    func confirm() async throws(KMSError) {
        let start = MonotonicTime.now - lease
        if cache.withLock({ $0.isConfirmed(since: start) }) { return }
        try await confirm(since: start)
    }

    private func confirm(since start: MonotonicTime) async throws(KMSError) {
        while true {
            let question: RecordCache.Question? = cache.withLock { cache in
                if cache.isConfirmed(since: start) { return nil }
                if cache.question == nil { cache.begin(ask()) }
                return cache.question
            }
            guard let question else { return }
            let answer = await question.answer.value
            cache.withLock { $0.end(question, with: answer) }
            if case .failure(let error) = answer { throw KMSError(error) }
        }
    }

    /// Starts a query, in a task of its own, because all callers that wait for it share it.
    private func ask() -> RecordCache.Question {
        RecordCache.Question(
            askedAt: .now,
            answer: Task { [store] in
                do throws(StoreError) {
                    return .success(try await store.changeMark())
                } catch {
                    return .failure(error)
                }
            })
    }

    func load(
        _ id: KeyID, with choice: VersionChoice
    ) async throws(KMSError) -> (key: KeyRecord, version: VersionRecord?)? {
        let moment = cache.withLock { $0.moment }
        let stored = try await newest { () throws(StoreError) in
            try await store.key(id, with: choice)
        } claims: { stored in
            guard let stored else { return [.absent(.key(id), "key \(id)")] }
            return [stored.key.unverified.stateClaim] + (stored.version.map { [$0.unverified.stateClaim] } ?? [])
        }
        guard let stored else {
            await dropVersionsOutOfUse(of: id, nil)
            return nil
        }
        try await verify(stored, is: id, with: choice)
        cache.withLock { $0.keep(key: stored.key, version: stored.version, readAt: moment) }
        await dropVersionsOutOfUse(of: id, stored.key.unverified)
        return (stored.key.unverified, stored.version?.unverified)
    }

    /// Reads until the value agrees with the state digest: the newest records, and none where none exists.
    ///
    /// - Parameters:
    ///   - read: reads the value from the store.
    ///   - claims: the claims that must hold for the value to be believed.
    /// - Throws: ``KMSError/recordTampered(_:)`` if the store contradicts the digest twice without a change in between.
    func newest<Value: Sendable>(
        _ read: () async throws(StoreError) -> Value, claims: (Value) -> [StateClaim]
    ) async throws(KMSError) -> Value {
        try await confirm()
        let generation = cache.withLock { $0.moment.generation }
        var last: Disagreement?
        for _ in 0..<StateDigest.attempts {
            let value = try await self.read(read)
            guard let disagreement = try await state.check(claims(value), in: generation) else { return value }
            if disagreement == last { throw tampered(disagreement.claim.name) }
            last = disagreement
        }
        throw .busy("the records that were asked for are changed all the time")
    }
}

extension VerifiedRecords {
    /// Reads from the store. A malformed record counts as tampered with.
    func read<Result>(_ body: () async throws(StoreError) -> Result) async throws(KMSError) -> Result {
        do throws(StoreError) {
            return try await body()
        } catch {
            if case .malformed(let name) = error { throw tampered(name) }
            throw KMSError(error)
        }
    }

    /// Alerts the operator, and returns the failure for the caller.
    func tampered(_ name: String) -> KMSError {
        logger.critical("a stored record is not what was sealed", metadata: ["record": "\(name)"])
        return .recordTampered(name)
    }

    typealias Claim = (name: String, seal: Seal, message: [UInt8])

    func claim(_ record: Sealed<some Sealable>) -> Claim {
        (record.unverified.sealedName, record.seal, record.unverified.canonicalBytes)
    }

    func claim(_ record: StoredRecord) -> Claim {
        (record.content.sealedName, record.seal, record.content.canonicalBytes)
    }

    /// Verifies seals in the token in groups, so that a long list does not delay other requests.
    func verify(_ claims: [Claim]) async throws(KMSError) {
        var rest = claims[...]
        while !rest.isEmpty {
            let some = rest.prefix(64)
            rest = rest.dropFirst(64)
            let answers = try await areGenuine(some.map { ($0.seal, $0.message) })
            for (claim, isGenuine) in zip(some, answers) where !isGenuine { throw tampered(claim.name) }
        }
    }

    /// Verifies the rows read for a key: that it is the requested one, the seals, and that key and version agree.
    private func verify(_ stored: StoredKey, is id: KeyID, with choice: VersionChoice) async throws(KMSError) {
        let key = stored.key.unverified
        guard key.id == id else { throw tampered("key \(id)") }
        let (keyIsKnown, versionIsKnown) = cache.withLock { cache in
            (cache.knows(stored.key), stored.version.map { cache.knows($0) } ?? true)
        }
        var claims: [Claim] = []
        if !keyIsKnown { claims.append(claim(stored.key)) }
        if let version = stored.version, !versionIsKnown { claims.append(claim(version)) }
        try await verify(claims)
        switch (choice.number(in: key), stored.version?.unverified) {
        case (nil, nil): return
        case (nil, let version?):
            // The store has a version that the key does not have.
            throw tampered(version.sealedName)
        case (let number?, nil):
            // A version that the key had must have a row.
            if key.versions[number] != nil { throw tampered("\(VersionID(key: id, number: number))") }
        case (let number?, let version?):
            guard version.id == VersionID(key: id, number: number), version.belongs(to: key),
                key.versions[number] == version.ledgerEntry
            else { throw tampered(version.sealedName) }
        }
    }
}

extension VersionChoice {
    /// Returns the number of the chosen version of this key; `nil` if none is chosen, or the key has none.
    fileprivate func number(in key: KeyRecord) -> VersionNumber? {
        switch self {
        case .none: nil
        case .active: key.versions.active
        case .number(let number): number
        }
    }
}

extension VersionRecord {
    /// The entry that the ledger of the key must have for this version.
    var ledgerEntry: VersionLedger.Entry {
        VersionLedger.Entry(state: state, counter: stateCounter)
    }

    func belongs(to key: KeyRecord) -> Bool {
        id.key == key.id && project == key.project && algorithm == key.algorithm && usage == key.usage
            && origin == key.origin
    }
}

extension VerifiedRecords {
    /// Makes the same queries to the store as for a key that does not exist, so that the response time does not reveal the
    /// difference.
    func decoyLookup(_ reference: KeyReference, in project: ProjectID) async throws(KMSError) {
        switch reference {
        case .id(let id): _ = try await read { () throws(StoreError) in try await store.key(id, with: .none) }
        case .name(let name):
            _ = try await read { () throws(StoreError) in try await store.keyID(named: name, in: project) }
            _ = try await read { () throws(StoreError) in try await store.alias(name, in: project) }
        }
    }
}
