internal import Crypto
internal import Logging
import SecretMemory
internal import Synchronization

/// The digest of the store's whole state: it proves that a record is the newest, and that none is missing.
///
/// Every record that affects decisions is a member of a shard. A shard's sum is verified when the shard is first read, and
/// again when its counter has moved. A record is believed if the verified shard has exactly this record at its place. See
/// `StateDigest.md`.
final class StateDigest: Sendable {
    let store: any KeyStore
    let token: CheckedToken
    let logger: Logger
    let state: Mutex<StateMemory>
    private let key = SingleValue<MultisetHash>()

    init(store: any KeyStore, token: CheckedToken, logger: Logger) {
        self.store = store
        self.token = token
        self.logger = logger
        state = Mutex(StateMemory())
    }

    static func digest(of canonicalBytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: canonicalBytes)) }

    /// Returns the keyed functions, once the store has been opened.
    ///
    /// - Throws: ``KMSError/recordTampered(_:)`` if the store has no state digest.
    func hash() async throws(KMSError) -> MultisetHash {
        if let known = key.value { return known }
        let stored = try await reading { () throws(StoreError) in
            try await store.document(.stateKey, StateKeyRecord.name)
        }
        guard let stored else { throw tampered("the state digest") }
        let document = stored.unverified
        let answers = try await atToken { () throws(TokenError) in
            try await token.verify([(stored.seal, document.canonicalBytes)])
        }
        guard answers.first == true, let record = document.record(StateKeyRecord.self) else {
            throw tampered(document.sealedName)
        }
        let hash = try await Self.hash(by: record, token)
        key.set(hash)
        return hash
    }

    /// Starts to use a state key that is about to be stored.
    func begin(with record: StateKeyRecord) async throws(KMSError) {
        key.set(try await Self.hash(by: record, token))
    }

    /// Drops the cached state key, so that it is read from the store again.
    func forgetKey() { key.set(nil) }

    private static func hash(by record: StateKeyRecord, _ token: CheckedToken) async throws(KMSError) -> MultisetHash {
        let item = Decryption(record.box, additionalData: StateKeyRecord.additionalData)
        let results = try await atToken { () throws(TokenError) in
            try await token.decrypt([item], with: record.versionKey)
        }
        // The key is not a version whose record would say when it is out of use, and the token does not need it again.
        token.used.remove(record.versionKey.id)
        guard case .success(let key)? = results.first, key.count == StateKeyRecord.byteCount else {
            throw .internalFailure("the key of the state digest does not decrypt")
        }
        return key.withUnsafeBytes { MultisetHash(key: $0) }
    }

    /// Generates a new state key in the token; it is not stored yet.
    func makeKey(at now: Timestamp) async throws(KMSError) -> StateKeyRecord {
        let new = try await atToken { () throws(TokenError) in
            try await token.generateKey(.aes256GCM96, for: .encryptDecrypt)
        }
        let handle = KeyID()
        let key = VersionKey(
            id: VersionID(key: handle, number: .first), algorithm: .aes256GCM96, usage: .encryptDecrypt,
            wrapped: new.wrapped)
        let order = DataKeyOrder(
            byteCount: StateKeyRecord.byteCount, additionalData: StateKeyRecord.additionalData)
        let made = try await atToken { () throws(TokenError) in try await token.issueDataKeys([order], with: key) }
        guard let dataKey = made.first else { throw .internalFailure("the token made no key for the state digest") }
        return StateKeyRecord(handle: handle, wrapped: new.wrapped, box: dataKey.box, at: now)
    }

    /// Alerts the operator, and returns the failure for the caller.
    func tampered(_ name: String) -> KMSError {
        logger.critical("the store is not what it was", metadata: ["record": "\(name)"])
        return .recordTampered(name)
    }

    /// Reads from the store. A malformed row counts as tampered with.
    func reading<Result>(_ body: () async throws(StoreError) -> Result) async throws(KMSError) -> Result {
        do throws(StoreError) {
            return try await body()
        } catch {
            if case .malformed(let name) = error { throw tampered(name) }
            throw KMSError(error)
        }
    }
}

/// The shards that this process has verified. A plain value that does no I/O.
struct StateMemory {
    private var shards: [VerifiedShard?] = Array(repeating: nil, count: ShardIndex.count)
    /// The generation of the record cache in which each stored counter was last compared.
    private var confirmed: [UInt64?] = Array(repeating: nil, count: ShardIndex.count)
    /// The newest row of each shard that this process has seen or made, or that a witness has.
    private var newest: [StateVector.Row] = Array(repeating: .none, count: ShardIndex.count)

    subscript(index: ShardIndex) -> VerifiedShard? { shards[index.number] }

    /// Returns the shard, if its stored counter was compared in this generation.
    func confirmed(_ index: ShardIndex, in generation: UInt64) -> VerifiedShard? {
        confirmed[index.number] == generation ? shards[index.number] : nil
    }

    func newestCounter(of index: ShardIndex) -> UInt64 { newest[index.number].counter }

    /// Takes a shard as it was verified, or as this process changed it. A shard older than the known one is ignored.
    mutating func take(_ shard: VerifiedShard, in generation: UInt64?) {
        let index = shard.shard.index.number
        let counter = shard.shard.counter
        guard counter >= newest[index].counter else { return }
        // A shard that has never had a member has no row.
        if counter > newest[index].counter || (counter > 0 && newest[index].digest.isEmpty) {
            newest[index] = StateVector.Row(counter: counter, digest: shard.shard.digest)
        }
        shards[index] = shard
        if let generation { confirmed[index] = generation }
    }

    mutating func confirm(_ index: ShardIndex, in generation: UInt64) { confirmed[index.number] = generation }

    /// Drops a verified shard, so that it is read again.
    mutating func forget(_ index: ShardIndex) {
        shards[index.number] = nil
        confirmed[index.number] = nil
    }

    /// Starts with the rows of the store: when the process starts, or on the decision of an operator.
    mutating func begin(with vector: StateVector) {
        for (number, row) in vector.rows.enumerated() {
            newest[number] = row
            shards[number] = nil
            confirmed[number] = nil
        }
    }

    var vector: StateVector { StateVector(rows: newest) }
}

/// A value that is computed once and then kept.
private final class SingleValue<Value: Sendable>: Sendable {
    private let stored = Mutex<Value?>(nil)

    var value: Value? { stored.withLock { $0 } }

    func set(_ value: Value?) {
        stored.withLock { $0 = value }
    }
}
