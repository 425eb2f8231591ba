/// The database that the domain requires.
///
/// When a call returns, its change is on disk. Each change is one transaction, which includes the change of the state digest. A
/// lost race fails with ``StoreError/conflict`` or ``StoreError/stateMoved`` and never overwrites. The contract suite
/// `KeyStoreContract` tests what an adapter must guarantee.
public protocol KeyStore: AliasStore, AnswerStore, DirectoryStore, DueStore, ImportJobStore, RootStore, StateStore,
    UsageStore
{
    /// Returns the token that the store belongs to; `nil` if the store is new.
    func binding() async throws(StoreError) -> TokenBinding?

    /// Binds a new store to its token, and adds its first projects, subjects and credentials, all or nothing.
    ///
    /// - Throws: ``StoreError/conflict`` if the store is already bound.
    func initialize(
        binding: TokenBinding, directory: [Sealed<DirectoryDocument>], state: StateChange
    ) async throws(StoreError)

    /// Adds a key, its first versions, and the answer to the request that created it.
    ///
    /// - Throws: ``StoreError/nameTaken`` if the project has a key or an alias of that name; ``StoreError/repeated`` if the
    ///   request was answered before.
    func insert(
        _ key: Sealed<KeyRecord>, versions: [Sealed<VersionRecord>], answer: Sealed<IdempotentAnswer>?,
        state: StateChange
    ) async throws(StoreError)

    /// Makes one change of a key and of its versions.
    ///
    /// - Throws: ``StoreError/conflict`` if the key or a version is no longer at the expected revision;
    ///   ``StoreError/nameTaken`` if a new name belongs to another key or an alias; ``StoreError/repeated`` if the request was
    ///   answered before.
    func apply(_ change: KeyChange, state: StateChange) async throws(StoreError)

    /// Deletes a key with its versions, aliases and usage, and leaves a tombstone.
    ///
    /// - Parameter aliases: the number of aliases that the key has.
    /// - Throws: ``StoreError/conflict`` if the key is no longer at this revision, or has another number of aliases;
    ///   ``StoreError/repeated`` if the request was answered before.
    func delete(
        _ key: KeyID, revision: UInt64, aliases: Int, leaving tombstone: Sealed<KeyTombstone>,
        answer: Sealed<IdempotentAnswer>?,
        state: StateChange
    ) async throws(StoreError)

    func tombstone(of key: KeyID) async throws(StoreError) -> Sealed<KeyTombstone>?

    /// Returns a key and one of its versions, read in one transaction.
    func key(_ id: KeyID, with version: VersionChoice) async throws(StoreError) -> StoredKey?

    func keyID(named name: KeyName, in project: ProjectID) async throws(StoreError) -> KeyID?

    /// Returns at most `limit` keys of a project, sorted by name, starting with the first name after `cursor`.
    func keys(in project: ProjectID, after cursor: KeyName?, limit: Int) async throws(StoreError) -> [Sealed<KeyRecord>]

    /// Returns at most `limit` versions of a key, the newest first, starting with the first number below `cursor`.
    func versions(
        of key: KeyID, before cursor: VersionNumber?, limit: Int
    ) async throws(StoreError) -> [Sealed<VersionRecord>]

    /// Returns the versions of a key that have this check value, the newest first.
    func versions(of key: KeyID, with checkValue: CheckValue) async throws(StoreError) -> [Sealed<VersionRecord>]

    /// Returns a number that differs from the previous one if any process has changed the store since.
    func changeMark() async throws(StoreError) -> Int64

    /// Throws if the store cannot be read and written.
    func checkHealth() async throws(StoreError)
}

/// The version of a key to read along with it.
public enum VersionChoice: Hashable, Sendable {
    case none
    /// The default version, if there is one.
    case active
    case number(VersionNumber)
}

/// The rows of a key, read in one transaction. None of it is verified.
public struct StoredKey: Sendable, Equatable {
    public let key: Sealed<KeyRecord>
    /// The requested version, if it exists.
    public let version: Sealed<VersionRecord>?

    public init(key: Sealed<KeyRecord>, version: Sealed<VersionRecord>?) {
        self.key = key
        self.version = version
    }
}

/// A change of one key: the key in its new form, and the versions that change with it.
public struct KeyChange: Sendable {
    /// The key at its new revision, which is one more than the one in the store.
    public let key: Sealed<KeyRecord>
    /// Existing versions, at their new state counter, which is one more than the one in the store.
    public let updated: [Sealed<VersionRecord>]
    public let inserted: [Sealed<VersionRecord>]
    /// The answer to the request that makes the change, if the request is idempotent.
    public let answer: Sealed<IdempotentAnswer>?

    public init(
        key: Sealed<KeyRecord>, updated: [Sealed<VersionRecord>] = [], inserted: [Sealed<VersionRecord>] = [],
        answer: Sealed<IdempotentAnswer>? = nil
    ) {
        self.key = key
        self.updated = updated
        self.inserted = inserted
        self.answer = answer
    }
}

/// The token that a store belongs to, and the latest of its root epochs that the store knows.
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
    /// Returns the message for an operator if these are not the roots that the store belongs to; `nil` if they are. It names
    /// both tokens.
    public func mismatch(with identity: TokenIdentity) -> String? {
        guard identity.checkValues[epoch] != checkValue else { return nil }
        let epochs = identity.checkValues.keys.sorted().map(\.description).joined(separator: ", ")
        return
            "the store belongs to token '\(label)' (serial \(serialNumber), root epoch \(epoch)), but the roots are those of "
            + "token '\(identity.label)' (serial \(identity.serialNumber), root epoch \(epochs)); nothing was changed"
    }
}

/// A failure of the store, as far as the domain distinguishes failures.
public enum StoreError: Error, Hashable, Sendable {
    /// A concurrent change was stored first.
    case conflict
    /// The project has a key or an alias of that name.
    case nameTaken
    /// A repeatable request was answered before.
    case repeated
    /// A shard of the state digest is not at the counter that a change begins with, because another change has altered one of
    /// its records.
    case stateMoved
    /// A row is not well formed: an unknown enumeration value or a wrong length, for example.
    case malformed(String)
    /// The store was locked for too long. The caller may retry.
    case busy(String)
    /// The store cannot be read or written at all.
    case unavailable(String)
}
