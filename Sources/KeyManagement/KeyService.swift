public import Logging

/// The key management service: every verb is a method here, each in a file of its own.
///
/// It knows no HTTP, no database and no PKCS#11; those stand behind the ports. Plaintext of version keys is never in it.
public final class KeyService: Sendable {
    let token: CheckedToken
    let store: any KeyStore
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
    let signingKeys = SigningKeys(capacity: 1024)
    let rewrapping = RewrapState()
    let cursorCiphers = CursorCiphers()
    let logger: Logger

    /// - Parameters:
    ///   - audit: where every decision is written before anybody hears of it.
    ///   - identities: who believes tokens of others; nil when nobody does.
    ///   - rules: what an operator may configure.
    ///   - recordCapacity: how many keys, versions, names and credentials, each, are kept in memory.
    ///   - recordLease: how long a record is believed without asking the store whether anything changed.
    public init(
        token: any Token, store: any KeyStore, audit: any AuditLog, identities: (any IdentityVerifier)? = nil,
        clock: any WallClock = SystemWallClock(), rules: KeyRules = .standard, limits: RateLimits = .none,
        recordCapacity: Int = 20_000, recordLease: Duration = .milliseconds(20), logger: Logger
    ) {
        let raw = token
        let token = CheckedToken(raw, capacity: recordCapacity)
        self.token = token
        self.store = store
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

    /// The time as the service has it.
    public var now: Timestamp { clock.now }

    /// Fails when token, store or audit log cannot be used: what `/readyz` tells.
    public func checkHealth() async throws(KMSError) {
        try await atToken { () throws(TokenError) in try await token.checkHealth() }
        try await atStore { () throws(StoreError) in try await store.checkHealth() }
        do throws(AuditError) {
            try await audit.checkHealth()
        } catch {
            throw KMSError(error)
        }
    }

    /// Tells the log of a change, after it is on disk.
    func logChange(_ event: String, of key: KeyRecord, version: VersionNumber? = nil, by caller: Caller) {
        logger.info(
            "\(event)",
            metadata: [
                "key": "\(key.id)", "name": "\(key.name)", "version": "\(version?.value ?? key.versions.count)",
                "subject": "\(caller.subject)", "request": "\(caller.requestID)",
            ])
    }
}
