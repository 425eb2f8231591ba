/// What the domain needs from a database: rows that outlive everything.
///
/// A call that returned has its change on disk. One transaction a change, which includes what the change does to the state digest; a
/// lost race is ``StoreError/conflict`` or ``StoreError/stateMoved``, never an overwrite. A contract suite, `KeyStoreContract`, says in tests what an adapter keeps.
public protocol KeyStore: AliasStore, AnswerStore, DirectoryStore, DueStore, ImportJobStore, RootStore, StateStore,
    UsageStore
{
    /// The token that the store belongs to; nil when the store is new.
    func binding() async throws(StoreError) -> TokenBinding?

    /// Binds a new store to its token, and makes its first project, subjects and credentials, all or nothing.
    ///
    /// - Throws: ``StoreError/conflict`` when the store is bound already.
    func initialize(
        binding: TokenBinding, directory: [Sealed<DirectoryDocument>], state: StateChange
    ) async throws(StoreError)

    /// Adds a key and its first versions, and with them the answer to the request that wants them.
    ///
    /// - Throws: ``StoreError/nameTaken`` when the project has a key or an alias of that name, ``StoreError/repeated`` when the
    ///   request was answered before.
    func insert(
        _ key: Sealed<KeyRecord>, versions: [Sealed<VersionRecord>], answer: Sealed<StoredAnswer>?, state: StateChange
    ) async throws(StoreError)

    /// Makes one change of a key and of its versions.
    ///
    /// - Throws: ``StoreError/conflict`` when the key or a version is not at the expected revision any more,
    ///   ``StoreError/nameTaken`` when a new name is another key's or an alias, ``StoreError/repeated`` when the request was
    ///   answered before.
    func apply(_ change: KeyChange, state: StateChange) async throws(StoreError)

    /// Deletes a key with all that hangs on it, versions, aliases and usage, and leaves a tombstone.
    ///
    /// - Parameter aliases: how many aliases the key has.
    /// - Throws: ``StoreError/conflict`` when the key is no longer at this revision, or has another number of aliases; ``StoreError/repeated`` when the request
    ///   was answered before.
    func delete(
        _ key: KeyID, revision: UInt64, aliases: Int, leaving tombstone: Sealed<KeyTombstone>,
        answer: Sealed<StoredAnswer>?,
        state: StateChange
    ) async throws(StoreError)

    func tombstone(of key: KeyID) async throws(StoreError) -> Sealed<KeyTombstone>?

    /// A key and one of its versions, as one moment had them.
    func key(_ id: KeyID, with version: VersionChoice) async throws(StoreError) -> StoredKey?

    func keyID(named name: KeyName, in project: ProjectID) async throws(StoreError) -> KeyID?

    /// At most `limit` keys of a project, sorted by name, from the first name after `cursor` on.
    func keys(in project: ProjectID, after cursor: KeyName?, limit: Int) async throws(StoreError) -> [Sealed<KeyRecord>]

    /// At most `limit` versions of a key, the newest first, from the first number below `cursor` on.
    func versions(
        of key: KeyID, before cursor: VersionNumber?, limit: Int
    ) async throws(StoreError) -> [Sealed<VersionRecord>]

    /// The versions of a key that have this check value, the newest first.
    func versions(of key: KeyID, with checkValue: CheckValue) async throws(StoreError) -> [Sealed<VersionRecord>]

    /// A number that differs from the one before when anybody, in any process, has changed the store since.
    func changeMark() async throws(StoreError) -> Int64

    /// Succeeds when the store can be read and written.
    func checkHealth() async throws(StoreError)
}

/// Which version of a key to read along with it.
public enum VersionChoice: Hashable, Sendable {
    case none
    /// The default version, if there is one.
    case active
    case number(VersionNumber)
}

/// What the rows of a key say, read in one transaction. Nothing of it is verified.
public struct StoredKey: Sendable, Equatable {
    public let key: Sealed<KeyRecord>
    /// The version that was asked for, if there is one.
    public let version: Sealed<VersionRecord>?

    public init(key: Sealed<KeyRecord>, version: Sealed<VersionRecord>?) {
        self.key = key
        self.version = version
    }
}

/// A change of one key: the key as it shall be, and the versions that change with it.
public struct KeyChange: Sendable {
    /// The key at its new revision, which is one more than the one in the store.
    public let key: Sealed<KeyRecord>
    /// Versions that exist, at their new state counter, which is one more than the one in the store.
    public let updated: [Sealed<VersionRecord>]
    public let inserted: [Sealed<VersionRecord>]
    /// The answer to the request that wants the change, when it may be repeated.
    public let answer: Sealed<StoredAnswer>?

    public init(
        key: Sealed<KeyRecord>, updated: [Sealed<VersionRecord>] = [], inserted: [Sealed<VersionRecord>] = [],
        answer: Sealed<StoredAnswer>? = nil
    ) {
        self.key = key
        self.updated = updated
        self.inserted = inserted
        self.answer = answer
    }
}

/// Which token a store belongs to, and the latest of its root epochs that the store knows.
public struct TokenBinding: Hashable, Sendable {
    public let label: String
    public let serialNumber: String
    public let epoch: RootEpoch
    public let checkValue: [UInt8]
    public let createdAt: Timestamp

    public init(label: String, serialNumber: String, epoch: RootEpoch, checkValue: [UInt8], createdAt: Timestamp) {
        self.label = label
        self.serialNumber = serialNumber
        self.epoch = epoch
        self.checkValue = checkValue
        self.createdAt = createdAt
    }
}

extension TokenBinding {
    /// What an operator is told when these are not the roots that the store belongs to; nil when they are. It names both
    /// tokens.
    public func mismatch(with identity: TokenIdentity) -> String? {
        guard identity.checkValues[epoch] != checkValue else { return nil }
        let epochs = identity.checkValues.keys.sorted().map(\.description).joined(separator: ", ")
        return
            "the store belongs to token '\(label)' (serial \(serialNumber), root epoch \(epoch)), but the roots are those of "
            + "token '\(identity.label)' (serial \(identity.serialNumber), root epoch \(epochs)); nothing was changed"
    }
}

/// What can go wrong at the store, as far as the domain can tell the difference.
public enum StoreError: Error, Hashable, Sendable {
    /// Somebody else was faster.
    case conflict
    /// The project has a key or an alias of that name.
    case nameTaken
    /// A repeatable request was answered before.
    case repeated
    /// A shard of the state digest is not at the counter that a change begins with: somebody else has changed a record that it counts.
    case stateMoved
    /// A row cannot be what it says it is: a broken enumeration, a length that is off.
    case malformed(String)
    /// Locked by somebody for too long. Worth trying again.
    case busy(String)
    /// Cannot be read or written at all.
    case unavailable(String)
}
