import AuditFiles
import IdentityJWT
import KeyManagement
import Logging
import TokenPKCS11
import TokenProcess

/// The components that `kms init` and `kms serve` open, and close again.
struct OpenService {
    let token: any ServedToken
    let store: any ServedStore
    let audit: AuditService
    let service: KeyService
    /// The folder of the other chain of this machine, which this process does not write to.
    private let otherAuditDirectory: String
    private let logger: Logger

    /// The chain of audit files that a process writes to. Only one process writes to a chain, so local commands, which may run beside the
    /// service, have a chain of their own.
    enum Chain {
        case service
        case local
    }

    /// Opens the token, then the store. Without a token, no store can be made, and a store of another token is not touched.
    static func open(
        _ configuration: Configuration, storeAccess: StoreAccess, chain: Chain, logger: Logger
    ) async throws -> OpenService {
        try configuration.process.apply(logger)
        let auditConfiguration = auditConfiguration(configuration, chain)
        // An existing chain is read while the token is opened, which takes as long. A new chain is made only once the token is open.
        async let found = storeAccess == .existing ? find(auditConfiguration) : nil
        let token = try await openToken(configuration, logger)
        do {
            let store = try openStore(configuration.store, storeAccess, for: token.identity)
            do {
                let audit = try await AuditService.open(
                    auditConfiguration, found: await found, token: token, logger: logger)
                let service = KeyService(
                    token: token, store: store, audit: audit.trail,
                    identities: configuration.identities.map { JWTVerifier($0, logger: logger) },
                    rules: configuration.rules, limits: configuration.limits,
                    recordCapacity: configuration.recordCapacity, recordLease: configuration.recordLease, logger: logger
                )
                return OpenService(
                    token: token, store: store, audit: audit, service: service,
                    otherAuditDirectory: self.auditConfiguration(configuration, chain == .local ? .service : .local)
                        .directory,
                    logger: logger)
            } catch {
                try? await store.close()
                throw error
            }
        } catch {
            await token.close()
            throw error
        }
    }

    /// Checks that the store belongs to the token and is as new as the audit logs say. Call it before any other use.
    ///
    /// - Parameter accepts: true if the operator accepts an older store as it is.
    /// - Returns: the number of shards of the state digest that were older.
    @discardableResult
    func checkStore(acceptingOlder accepts: Bool = false) async throws -> Int {
        do throws(KMSError) {
            try await service.checkBinding()
        } catch {
            throw Failure(.store, error.logDetail)
        }
        return try await storeWitness(acceptingOlder: accepts).check()
    }

    /// Has each later checkpoint of the chain record the state of a new store, which no checkpoint has recorded yet. For an existing store,
    /// ``checkStore(acceptingOlder:)`` does it.
    func recordState() {
        let service = service
        audit.trail.witnessState { service.stateVector }
    }

    func storeWitness(acceptingOlder accepts: Bool = false) -> StoreWitness {
        StoreWitness(
            service: service, audit: audit.trail, otherDirectory: otherAuditDirectory, accepts: accepts, logger: logger)
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
        _ location: StoreLocation, _ access: StoreAccess, for identity: TokenIdentity
    ) throws(Failure) -> any ServedStore {
        let binding = access == .existing ? try location.binding() : nil
        if let mismatch = binding?.mismatch(with: identity) { throw Failure(.store, mismatch) }
        return try location.open(access)
    }

    /// Closes the audit log first, because the token signs its last checkpoint; then the token, so that no write to the store is under way.
    func close() async throws {
        await audit.trail.close()
        await token.close()
        try await store.close()
    }

    /// Opens the token. If it cannot be used, the error also names the token that the store belongs to, because it may be the wrong token.
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

    /// Returns an error that names the token the store belongs to, if the store says so.
    private static func naming(_ configuration: Configuration, _ error: String) -> (any Error)? {
        guard let binding = try? configuration.store.binding() else { return nil }
        return Failure(
            .token, "\(error) (the store belongs to token '\(binding.label)', serial \(binding.serialNumber))")
    }
}
