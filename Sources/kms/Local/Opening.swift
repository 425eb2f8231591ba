import AuditFiles
import IdentityJWT
import KeyManagement
import Logging
import StoreSQLite
import TokenPKCS11
import TokenProcess

/// What `kms init` and `kms serve` open, and close again.
struct Opened {
    let token: any ServedToken
    let store: SQLiteKeyStore
    let audit: AuditService
    let service: KeyService
    /// Of the chain of this machine that this process does not write to.
    private let otherAuditDirectory: String

    /// Into which chain of audit files a process writes. One process writes to a chain; so commands of this machine, which may run
    /// beside the service, have one of their own.
    enum Chain {
        case service
        case local
    }

    /// Opens the token, then the store: without a token there is nothing to make a store for, and a store of another token is
    /// not touched.
    static func open(
        _ configuration: Configuration, storeAccess: SQLiteKeyStore.Access, chain: Chain, logger: Logger
    ) async throws -> Opened {
        try configuration.process.apply(logger)
        let auditConfiguration = auditConfiguration(configuration, chain)
        // Read while the token is opened, which takes as long; a new one has to wait until there is a token to have it for.
        async let found = storeAccess == .existing ? find(auditConfiguration) : nil
        let token = try await openToken(configuration, logger)
        do {
            let store = try openStore(configuration.storePath, storeAccess, for: token.identity)
            do {
                let audit = try await AuditService.open(
                    auditConfiguration, found: await found, token: token, logger: logger)
                let service = KeyService(
                    token: token, store: store, audit: audit.trail,
                    identities: configuration.identities.map { JWTVerifier($0, logger: logger) },
                    rules: configuration.rules, limits: configuration.limits,
                    recordCapacity: configuration.recordCapacity, recordLease: configuration.recordLease, logger: logger
                )
                return Opened(
                    token: token, store: store, audit: audit, service: service,
                    otherAuditDirectory: self.auditConfiguration(configuration, chain == .local ? .service : .local)
                        .directory)
            } catch {
                try? store.close()
                throw error
            }
        } catch {
            await token.close()
            throw error
        }
    }

    /// Makes sure that the store belongs to the token and is as new as the audit logs say. Nothing else is done before.
    ///
    /// - Parameter accepts: whether an operator takes an older store as it is.
    /// - Returns: how many shards of the state digest were older.
    @discardableResult
    func checkStore(acceptingOlder accepts: Bool = false) async throws -> Int {
        do throws(KMSError) {
            try await service.checkBinding()
        } catch {
            throw Failure(.store, error.logDetail)
        }
        return try await storeWitness(acceptingOlder: accepts).check()
    }

    func storeWitness(acceptingOlder accepts: Bool = false) -> StoreWitness {
        StoreWitness(service: service, audit: audit.trail, otherDirectory: otherAuditDirectory, accepts: accepts)
    }

    private static func auditConfiguration(_ configuration: Configuration, _ chain: Chain) -> AuditConfiguration {
        var audit = configuration.audit
        if chain == .local { audit.directory += "-local" }
        return audit
    }

    private static func find(_ configuration: AuditConfiguration) async -> Result<FoundChain, AuditOpenError> {
        do throws(AuditOpenError) {
            return .success(try await FoundChain.find(in: configuration))
        } catch {
            return .failure(error)
        }
    }

    private static func openStore(
        _ path: String, _ access: SQLiteKeyStore.Access, for identity: TokenIdentity
    ) throws(Failure) -> SQLiteKeyStore {
        let binding = try reading { () throws(StoreOpenError) in
            access == .existing ? try SQLiteKeyStore.binding(at: path) : nil
        }
        if let mismatch = binding?.mismatch(with: identity) { throw Failure(.store, mismatch) }
        return try reading { () throws(StoreOpenError) in try SQLiteKeyStore.open(path: path, access: access) }
    }

    private static func reading<Result>(
        _ body: () throws(StoreOpenError) -> Result
    ) throws(Failure) -> Result {
        do throws(StoreOpenError) {
            return try body()
        } catch {
            throw Failure(.store, "\(error)")
        }
    }

    /// The audit log first, whose last checkpoint the token signs; then the token, so that nothing is on its way to the store any
    /// more.
    func close() async throws {
        await audit.trail.close()
        await token.close()
        try store.close()
    }

    /// A token that cannot be served from may simply be the wrong one for the store; then both are named.
    private static func openToken(_ configuration: Configuration, _ logger: Logger) async throws -> any ServedToken {
        do {
            return try await configuration.openToken(logger: logger)
        } catch let error as TokenOpenError {
            switch error {
            case .rootsMissing, .rootsHalf, .rootsUnfit, .tokenNotFound:
                throw naming(configuration, "\(error)") ?? error
            default: throw error
            }
        } catch let error as TokenProcessError where error.mayBeAnotherToken {
            throw naming(configuration, "\(error)") ?? error
        }
    }

    /// Says which token the store belongs to, if there is a store and it says so.
    private static func naming(_ configuration: Configuration, _ error: String) -> (any Error)? {
        guard let binding = binding(of: configuration.storePath) else { return nil }
        return Failure(
            .token, "\(error) (the store belongs to token '\(binding.label)', serial \(binding.serialNumber))")
    }

    /// The token that a store belongs to, if there is a store and it says so.
    private static func binding(of path: String) -> TokenBinding? {
        try? SQLiteKeyStore.binding(at: path)
    }
}
