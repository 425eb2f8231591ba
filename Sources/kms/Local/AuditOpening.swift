import AuditFiles
import KeyManagement
import Logging
import ServiceLifecycle

/// The audit chain as `kms serve` has it.
struct AuditService: ServiceLifecycle.Service {
    let trail: AuditTrail

    /// Takes up the chain. Each checkpoint is logged: a collector on another machine thereby keeps what tells that the chain was cut.
    ///
    /// - Parameter found: what was found of the chain before; nil looks now.
    static func open(
        _ configuration: AuditConfiguration, found: Result<FoundChain, AuditOpenError>? = nil, token: any Token,
        logger: Logger
    ) async throws(Failure) -> AuditService {
        var configuration = configuration
        configuration.tokenLabel = token.identity.label
        let signer = TokenCheckpointSigner(token)
        if signer == nil {
            logger.warning("the token has no audit key, so the audit chain has no checkpoints; run 'kms audit init'")
        }
        do throws(AuditOpenError) {
            let trail = try await AuditTrail.open(
                configuration, found: found?.get(), signer: signer, logger: logger
            ) { checkpoint in
                logger.info("audit checkpoint", metadata: ["line": "\(checkpoint.text)"])
            }
            return AuditService(trail: trail)
        } catch {
            throw Failure(error)
        }
    }

    /// Signs checkpoints until the service is to end. Close the trail after everything else that writes to it, and before the token.
    func run() async throws {
        await cancelWhenGracefulShutdown { await trail.run() }
        // Not the end of the group: without a signer, `run` returns at once.
        try? await gracefulShutdown()
    }

    /// Checks what of the last file was not read at the start.
    ///
    /// - Throws: ``Failure`` when a line of it was changed or is missing.
    func checkBeginning(_ logger: Logger) async throws(Failure) {
        do throws(AuditOpenError) {
            try await trail.checkBeginning()
        } catch {
            guard case .broken = error else {
                logger.warning(
                    "the beginning of the last audit file could not be checked", metadata: ["cause": "\(error)"])
                return
            }
            throw Failure(error)
        }
    }
}
