import Logging
import Synchronization

/// Reads records and believes none before its seal was checked.
///
/// What was verified is kept, for at most `lease` without asking the store whether anything changed: 20 ms. So a change made
/// by another process, or by somebody with an SQL shell, counts from the next use on that comes 20 ms later.
final class VerifiedRecords: Sendable {
    private let store: any KeyStore
    private let token: any Token
    private let logger: Logger
    private let lease: Duration
    private let cache: Mutex<RecordCache>

    init(store: any KeyStore, token: any Token, capacity: Int, lease: Duration, logger: Logger) {
        self.store = store
        self.token = token
        self.logger = logger
        self.lease = lease
        cache = Mutex(RecordCache(capacity: capacity))
    }

    /// Call after each change that was made in the store.
    func noteChange() {
        cache.withLock { $0.noteChange() }
    }

    /// The id behind a reference; nil when the project has no key of that name. An id is not looked up.
    func resolve(_ reference: KeyReference, in project: ProjectID) async throws(KMSError) -> KeyID? {
        guard case .name(let name) = reference else {
            guard case .id(let id) = reference else { return nil }
            return id
        }
        try await renewLease()
        let qualified = RecordCache.QualifiedName(project: project, name: name)
        let (known, moment) = cache.withLock { ($0.current(qualified), $0.moment) }
        if let known { return known }
        guard let id = try await atStore({ () throws(StoreError) in try await store.keyID(named: name, in: project) })
        else { return nil }
        cache.withLock { $0.keep(id, as: qualified, readAt: moment) }
        return id
    }

    /// A key; nil when there is none.
    func key(_ id: KeyID) async throws(KMSError) -> KeyRecord? {
        try await renewLease()
        if let known = cache.withLock({ $0.current(id) }) { return known }
        return try await load(id, with: .none)?.key
    }

    /// A key with one of its versions. The version is nil when the key has no such version.
    func key(_ id: KeyID, with choice: VersionChoice) async throws(KMSError) -> (
        key: KeyRecord, version: VersionRecord?
    )? {
        try await renewLease()
        let known: (KeyRecord, VersionRecord)? = cache.withLock { cache in
            guard let key = cache.current(id), let number = Self.number(choice, of: key),
                let version = cache.current(VersionID(key: id, number: number))
            else { return nil }
            return (key, version)
        }
        if let known { return known }
        return try await load(id, with: choice)
    }

    /// What a bearer token stands for; nil when it is nobody's.
    func credential(_ hash: CredentialHash) async throws(KMSError) -> CredentialRecord? {
        try await renewLease()
        let (known, moment) = cache.withLock { ($0.current(hash), $0.moment) }
        if let known { return known }
        guard let stored = try await atStore({ () throws(StoreError) in try await store.credential(hash) }) else {
            return nil
        }
        guard stored.unverified.hash == hash else { throw tampered(stored.unverified.sealedName) }
        if !cache.withLock({ $0.knows(stored) }) { try await verify([claim(stored)]) }
        cache.withLock { $0.keep(stored, readAt: moment) }
        return stored.unverified
    }

    /// Checks a page of a key's versions, the newest first. They were read after the key, so what the key says of them may be
    /// older than they are, but never newer; and none may be missing.
    ///
    /// - Parameters:
    ///   - end: the number before which the page begins; nil for the first page.
    ///   - isLast: whether no older versions follow.
    func verified(
        _ versions: [Sealed<VersionRecord>], of key: KeyRecord, before end: VersionNumber?, isLast: Bool
    ) async throws(KMSError) -> [VersionRecord] {
        let records = try await verified(versions)
        for version in records {
            guard version.id.key == key.id, version.belongs(to: key) else { throw tampered(version.sealedName) }
            guard let known = key.versions[version.id.number] else { continue }
            guard version.stateCounter > known.counter || version.ledgerEntry == known else {
                throw tampered(version.sealedName)
            }
        }
        let numbers = records.map(\.id.number.value)
        let newest = min(key.versions.count, end.map { $0.value - 1 } ?? .max)
        let hasNoGap = zip(numbers, numbers.dropFirst()).allSatisfy { $0 == $1 + 1 }
        guard hasNoGap, numbers.first ?? 0 >= newest, !isLast || numbers.last ?? 1 == 1 else {
            throw tampered("the versions of key \(key.id)")
        }
        return records
    }

    /// Checks the seals of records that go to a list and not into the cache.
    func verified<Record: Sealable>(_ records: [Sealed<Record>]) async throws(KMSError) -> [Record] {
        try await verify(records.map(claim))
        return records.map(\.unverified)
    }

    private static func number(_ choice: VersionChoice, of key: KeyRecord) -> VersionNumber? {
        switch choice {
        case .none: nil
        case .active: key.versions.active
        case .number(let number): number
        }
    }

    /// Asks the store whether anything changed, once per lease.
    private func renewLease() async throws(KMSError) {
        let lease = lease
        guard cache.withLock({ $0.beginsLease(at: .now, lasting: lease) }) else { return }
        do throws(StoreError) {
            let mark = try await store.changeMark()
            cache.withLock { $0.take(mark: mark) }
        } catch {
            cache.withLock { $0.endLease() }
            throw KMSError(error)
        }
    }

    private func load(
        _ id: KeyID, with choice: VersionChoice
    ) async throws(KMSError) -> (key: KeyRecord, version: VersionRecord?)? {
        let moment = cache.withLock { $0.moment }
        guard let stored = try await atStore({ () throws(StoreError) in try await store.key(id, with: choice) }) else {
            return nil
        }
        try await verify(stored, is: id, with: choice)
        cache.withLock { $0.keep(key: stored.key, version: stored.version, readAt: moment) }
        return (stored.key.unverified, stored.version?.unverified)
    }

    /// Checks what was read of a key: that it is the one asked for, its seals, and that key and versions agree.
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
        guard let number = Self.number(choice, of: key) else { return }
        guard let version = stored.version?.unverified else {
            // A version that the key had must have a row.
            if key.versions[number] != nil { throw tampered("\(VersionID(key: id, number: number))") }
            return
        }
        guard version.id == VersionID(key: id, number: number), version.belongs(to: key),
            key.versions[number] == version.ledgerEntry
        else { throw tampered(version.sealedName) }
    }

    private typealias Claim = (name: String, seal: Seal, message: [UInt8])

    private func claim(_ record: Sealed<some Sealable>) -> Claim {
        (record.unverified.sealedName, record.seal, record.unverified.canonicalBytes)
    }

    private func verify(_ claims: [Claim]) async throws(KMSError) {
        guard !claims.isEmpty else { return }
        let answers = try await atToken { () throws(TokenError) in
            try await token.verify(claims.map { ($0.seal, $0.message) })
        }
        for (claim, isGenuine) in zip(claims, answers) where !isGenuine { throw tampered(claim.name) }
    }

    private func tampered(_ name: String) -> KMSError {
        logger.critical("a stored record is not what was sealed", metadata: ["record": "\(name)"])
        return .recordTampered(name)
    }
}

extension VersionRecord {
    /// What the ledger of the key has to say of this version.
    fileprivate var ledgerEntry: VersionLedger.Entry {
        VersionLedger.Entry(state: state, counter: stateCounter)
    }

    fileprivate func belongs(to key: KeyRecord) -> Bool {
        project == key.project && algorithm == key.algorithm && origin == key.origin
    }
}
