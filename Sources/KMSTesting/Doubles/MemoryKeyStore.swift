public import KeyManagement
internal import Synchronization

/// A store in memory only: for faults and for speed, never for claims about durability.
///
/// It fulfils the same contract as a real one. ``fail(with:times:)`` switches on its faults.
public final class MemoryKeyStore: KeyStore {
    struct Rows {
        var binding: TokenBinding?
        var documents: [DocumentName: Sealed<DirectoryDocument>] = [:]
        var credentialUses: [CredentialHash: Timestamp] = [:]
        var keys: [KeyID: Sealed<KeyRecord>] = [:]
        var versions: [KeyID: [Sealed<VersionRecord>]] = [:]
        var aliases: [AliasName: Sealed<AliasRecord>] = [:]
        var answers: [IdempotentRequestID: Sealed<IdempotentAnswer>] = [:]
        var jobs: [ImportJobID: Sealed<ImportJob>] = [:]
        var tombstones: [KeyID: Sealed<KeyTombstone>] = [:]
        var reserved: [VersionID: Sealed<UsageRecord>] = [:]
        var uses: [VersionID: [Int64: DailyUse]] = [:]
        var blobs: [RootEpoch: [[UInt8]: WrappedBlob]] = [:]
        var closedThrough: UInt32 = 0
        var shards: [ShardIndex: Sealed<StateShard>] = [:]
        var members: [ShardIndex: [[UInt8]: [UInt8]]] = [:]
        var mark: Int64 = 0
    }

    struct DocumentName: Hashable {
        let kind: DirectoryKind
        let key: String
    }

    struct AliasName: Hashable {
        let project: ProjectID
        let name: KeyName
    }

    let rows = Mutex(Rows())
    private let faults = Mutex<(error: StoreError, times: Int)?>(nil)

    public init() {}

    /// Returns an independent store with the same rows.
    public func copy() -> MemoryKeyStore {
        let copy = MemoryKeyStore()
        let rows = rows.withLock { $0 }
        copy.rows.withLock { $0 = rows }
        return copy
    }

    /// Makes the next `times` calls fail.
    public func fail(with error: StoreError, times: Int = 1) {
        faults.withLock { $0 = (error, times) }
    }

    func meetFault() throws(StoreError) {
        let fault: StoreError? = faults.withLock { fault in
            guard let current = fault, current.times > 0 else { return nil }
            fault = (current.error, current.times - 1)
            return current.error
        }
        if let fault { throw fault }
    }

    /// Makes a change, all or nothing.
    func write(_ body: (inout Rows) throws(StoreError) -> Void) throws(StoreError) {
        try meetFault()
        try rows.withLock { (current) throws(StoreError) in
            var next = current
            try body(&next)
            try next.requireOpenEpochs()
            next.mark += 1
            current = next
        }
    }

    public func binding() async throws(StoreError) -> TokenBinding? {
        try meetFault()
        return rows.withLock { $0.binding }
    }

    public func initialize(
        binding: TokenBinding, directory: [Sealed<DirectoryDocument>], state: StateChange
    ) async throws(StoreError) {
        try write { (rows) throws(StoreError) in
            guard rows.binding == nil else { throw .conflict }
            rows.binding = binding
            try Self.save(directory, in: &rows)
            try Self.apply(state, in: &rows)
        }
    }

    public func insert(
        _ key: Sealed<KeyRecord>, versions: [Sealed<VersionRecord>], answer: Sealed<IdempotentAnswer>?,
        state: StateChange
    ) async throws(StoreError) {
        try write { (rows) throws(StoreError) in
            try Self.keep(answer, in: &rows)
            guard rows.keys[key.unverified.id] == nil else { throw .conflict }
            try Self.requireFree(key.unverified, in: rows)
            rows.keys[key.unverified.id] = key
            rows.versions[key.unverified.id] = versions
            try Self.requireOneActive(versions)
            try Self.apply(state, in: &rows)
        }
    }

    public func apply(_ change: KeyChange, state: StateChange) async throws(StoreError) {
        let key = change.key.unverified
        try write { (rows) throws(StoreError) in
            try Self.keep(change.answer, in: &rows)
            guard let current = rows.keys[key.id], current.unverified.revision + 1 == key.revision else {
                throw .conflict
            }
            try Self.requireFree(key, in: rows)
            rows.keys[key.id] = change.key
            for version in change.updated {
                guard
                    let place = rows.versions[key.id]?.firstIndex(where: {
                        $0.unverified.id == version.unverified.id
                            && $0.unverified.stateCounter + 1 == version.unverified.stateCounter
                    })
                else { throw .conflict }
                if let old = rows.versions[key.id]?[place] { rows.register(.version(old)) }
                rows.versions[key.id]?[place] = version
            }
            for version in change.inserted {
                let isTaken = rows.versions[key.id]?.contains { $0.unverified.id == version.unverified.id } ?? false
                guard !isTaken else { throw .conflict }
                rows.versions[key.id, default: []].append(version)
            }
            try Self.requireOneActive(rows.versions[key.id] ?? [])
            try Self.apply(state, in: &rows)
        }
    }

    private static func requireOneActive(_ versions: [Sealed<VersionRecord>]) throws(StoreError) {
        guard versions.count(where: { $0.unverified.state == .active }) <= 1 else { throw .conflict }
    }

    public func key(_ id: KeyID, with version: VersionChoice) async throws(StoreError) -> StoredKey? {
        try meetFault()
        return rows.withLock { rows in
            guard let key = rows.keys[id] else { return nil }
            let versions = rows.versions[id] ?? []
            return StoredKey(
                key: key,
                version: versions.first { row in
                    switch version {
                    case .none: false
                    case .active: row.unverified.state == .active
                    case .number(let number): row.unverified.id.number == number
                    }
                })
        }
    }

    public func keyID(named name: KeyName, in project: ProjectID) async throws(StoreError) -> KeyID? {
        try meetFault()
        return rows.withLock { rows in
            rows.keys.values.first { $0.unverified.name == name && $0.unverified.project == project }?.unverified.id
        }
    }

    public func keys(
        in project: ProjectID, after cursor: KeyName?, limit: Int
    ) async throws(StoreError) -> [Sealed<KeyRecord>] {
        try meetFault()
        let keys = rows.withLock { Array($0.keys.values) }
            .filter { key in
                key.unverified.project == project && cursor.map { $0 < key.unverified.name } ?? true
            }
            .sorted { $0.unverified.name < $1.unverified.name }
        return Array(keys.prefix(limit))
    }

    public func versions(
        of key: KeyID, before cursor: VersionNumber?, limit: Int
    ) async throws(StoreError) -> [Sealed<VersionRecord>] {
        try meetFault()
        let versions = rows.withLock { $0.versions[key] ?? [] }
            .filter { version in cursor.map { version.unverified.id.number < $0 } ?? true }
            .sorted { $0.unverified.id.number > $1.unverified.id.number }
        return Array(versions.prefix(limit))
    }

    public func changeMark() async throws(StoreError) -> Int64 {
        try meetFault()
        return rows.withLock { $0.mark }
    }

    public func checkHealth() async throws(StoreError) {
        try meetFault()
    }

    private static func requireFree(_ key: KeyRecord, in rows: Rows) throws(StoreError) {
        let isTaken =
            rows.keys.values.contains {
                $0.unverified.id != key.id && $0.unverified.project == key.project && $0.unverified.name == key.name
            } || rows.aliases[AliasName(project: key.project, name: key.name)] != nil
        guard !isTaken else { throw .nameTaken }
    }
}
