import AuditFiles
import KeyManagement
import Logging
import ServiceLifecycle

/// The audit chain as a part of `kms serve`.
struct AuditService: ServiceLifecycle.Service {
    let trail: AuditTrail

    /// Opens the chain. Each checkpoint is logged, so that a log collector on another machine keeps the evidence against truncation.
    ///
    /// - Parameter found: the chain as found earlier; nil reads it now.
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

    /// Signs checkpoints until the service ends. Close the trail after everything else that writes to it, and before the token.
    func run() async throws {
        await cancelWhenGracefulShutdown { await trail.run() }
        // Without a signer, `run` returns at once; that must not end the service group.
        try? await gracefulShutdown()
    }

    /// Checks the lines of the last file that were not read at the start.
    ///
    /// - Throws: ``Failure`` if a line was changed or is missing.
    func checkBeginning() async throws(Failure) {
        do throws(AuditOpenError) {
            try await trail.checkBeginning()
        } catch {
            throw Failure(error)
        }
    }
}
