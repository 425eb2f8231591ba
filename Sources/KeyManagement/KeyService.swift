package import Logging

/// The key management service: every verb is a method of it, each in a file of its own.
///
/// It does not depend on HTTP, a database or PKCS#11, which are behind the ports. It never holds plaintext of version keys.
package final class KeyService: Sendable {
    // Only operations and the record layer reach the token and the store; see the extension of `OperationContext` below.
    fileprivate let token: CheckedToken
    fileprivate let store: any KeyStore
    /// The part of the token that uses no key, for every part of the service.
    let tokenInformation: TokenInformation
    let reader: StoreReader
    let upkeep: StoreUpkeep
    let clock: any WallClock
    let rules: KeyRules
    let state: StateDigest
    let records: VerifiedRecords
    let meters: UsageMeters
    let publicKeys: PublicKeys
    let audit: any AuditLog
    let limits: RateLimiter
    let identities: (any IdentityVerifier)?
    let credentialUses = CredentialUses()
    let signingKeys: SigningKeys
    let rewrapping = RewrapState()
    let cursorCiphers = CursorCiphers()
    let logger: Logger

    /// Creates the service.
    ///
    /// - Parameters:
    ///   - token: the token that has the root keys.
    ///   - store: the store of all records.
    ///   - audit: the log that every decision is written to before any caller gets an answer.
    ///   - identities: the verifier of external tokens; `nil` if none are accepted.
    ///   - clock: the clock for all times and deadlines.
    ///   - rules: the settings for the life of keys.
    ///   - limits: the limits on the operations of each caller.
    ///   - recordCapacity: the number of keys, versions, names and credentials, each, that are cached.
    ///   - recordLease: the time for which a record is trusted without asking the store for changes.
    ///   - logger: the log of the service.
    package init(
        token: any Token, store: any KeyStore, audit: any AuditLog, identities: (any IdentityVerifier)? = nil,
        clock: any WallClock = SystemWallClock(), rules: KeyRules = .standard, limits: RateLimits = .none,
        recordCapacity: Int = 20_000, recordLease: Duration = .milliseconds(20), logger: Logger
    ) {
        let raw = token
        let token = CheckedToken(raw, capacity: recordCapacity)
        self.token = token
        self.store = store
        reader = StoreReader(store)
        upkeep = StoreUpkeep(store)
        tokenInformation = TokenInformation(token)
        signingKeys = SigningKeys(capacity: 1024, token: token)
        self.clock = clock
        self.rules = rules
        self.audit = audit
        self.identities = identities
        self.limits = RateLimiter(limits)
        self.logger = logger
        state = StateDigest(store: store, token: token, logger: logger)
        records = VerifiedRecords(
            store: store, token: token, state: state, capacity: recordCapacity, lease: recordLease, logger: logger)
        meters = UsageMeters(
            store: store, limit: rules.usageLimit, capacity: recordCapacity, records: records, logger: logger)
        publicKeys = PublicKeys(capacity: recordCapacity)
    }

    /// The present time of the service's clock.
    package var now: Timestamp { clock.now }

    /// Throws if the token, the store or the audit log cannot be used. `/readyz` reports the result.
    package func checkHealth() async throws(KMSError) {
        try await tokenInformation.checkHealth()
        try await atStore { () throws(StoreError) in try await store.checkHealth() }
        do throws(AuditError) {
            try await audit.checkHealth()
        } catch {
            throw KMSError(error)
        }
    }

    /// Writes a change to the log, after it is on disk.
    func logChange(_ event: String, of key: KeyRecord, version: VersionNumber? = nil, by caller: Caller) {
        logger.info(
            "\(event)",
            metadata: [
                "key": "\(key.id)", "name": "\(key.name)", "version": "\(version?.value ?? key.versions.count)",
                "subject": "\(caller.subject)", "request": "\(caller.requestID)",
            ])
    }
}

extension OperationContext {
    /// The token, for an operation that was decided on. Version keys are used through ``UsableVersion`` only.
    var token: CheckedToken { service.token }

    /// The store, for changes that the state digest counts and the audit log announces.
    var store: any KeyStore { service.store }
}
