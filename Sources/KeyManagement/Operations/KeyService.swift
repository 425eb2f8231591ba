public import Logging

/// The key management service: every verb is a method here, each in a file of its own.
///
/// It knows no HTTP, no database and no PKCS#11; those stand behind the ports. Plaintext of version keys is never in it.
public struct KeyService: Sendable {
    let token: any Token
    let store: any KeyStore
    let clock: any WallClock
    let records: VerifiedRecords
    let logger: Logger

    /// - Parameters:
    ///   - recordCapacity: how many keys, versions, names and credentials, each, are kept in memory.
    ///   - recordLease: how long a record is believed without asking the store whether anything changed.
    public init(
        token: any Token, store: any KeyStore, clock: any WallClock = SystemWallClock(), recordCapacity: Int = 20_000,
        recordLease: Duration = .milliseconds(20), logger: Logger
    ) {
        self.token = token
        self.store = store
        self.clock = clock
        self.logger = logger
        records = VerifiedRecords(
            store: store, token: token, capacity: recordCapacity, lease: recordLease, logger: logger)
    }

    /// Fails when token or store cannot be used: what `/readyz` tells.
    public func checkHealth() async throws(KMSError) {
        try await atToken { () throws(TokenError) in try await token.checkHealth() }
        try await atStore { () throws(StoreError) in try await store.checkHealth() }
    }

    /// The key that a caller names, if it is in the caller's project.
    func key(_ reference: KeyReference, for caller: Caller) async throws(KMSError) -> KeyRecord {
        guard let id = try await records.resolve(reference, in: caller.project), let key = try await records.key(id),
            key.project == caller.project
        else { throw .keyNotFound(reference) }
        return key
    }

    /// Tells the log of a change, after it is on disk.
    func logChange(_ event: String, of key: KeyRecord, by caller: Caller) {
        logger.info(
            "\(event)",
            metadata: [
                "key": "\(key.id)", "name": "\(key.name)", "version": "\(key.versions.count)",
                "subject": "\(caller.subject)", "request": "\(caller.requestID)",
            ])
    }

    /// Seals records in one visit to the token.
    func sealed<Record: Sealable>(_ records: [Record]) async throws(KMSError) -> [Sealed<Record>] {
        let seals = try await atToken { () throws(TokenError) in try await token.seal(records.map(\.canonicalBytes)) }
        return zip(records, seals).map { Sealed(unverified: $0, seal: $1) }
    }

    /// Seals a key and its changed versions in one visit to the token.
    func sealed(
        _ key: KeyRecord, updated: [VersionRecord] = [], inserted: [VersionRecord] = []
    ) async throws(KMSError) -> KeyChange {
        let messages = [key.canonicalBytes] + (updated + inserted).map(\.canonicalBytes)
        let seals = try await atToken { () throws(TokenError) in try await token.seal(messages) }
        let versions = zip(updated + inserted, seals.dropFirst()).map { Sealed(unverified: $0, seal: $1) }
        return KeyChange(
            key: Sealed(unverified: key, seal: seals[0]),
            updated: Array(versions.prefix(updated.count)),
            inserted: Array(versions.dropFirst(updated.count)))
    }
}
