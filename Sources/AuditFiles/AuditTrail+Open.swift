package import KeyManagement
internal import LibCrypto
package import Logging
internal import ThreadExecutor

extension AuditTrail {
    /// Opens the chain in a folder, or begins one, and writes an opening record.
    ///
    /// - Parameters:
    ///   - configuration: the folder, and the settings of files and checkpoints.
    ///   - found: the chain as found earlier; nil reads it now. It can be used once.
    ///   - signer: nil if the token has no audit key; there are then no checkpoints.
    ///   - clock: the clock for the times of records.
    ///   - logger: the log for warnings about the chain.
    ///   - onCheckpoint: receives each checkpoint once it is on disk, to publish it.
    /// - Throws: ``AuditOpenError`` if the folder or its last file cannot be used, if another process writes, or if the chain of the last
    ///   file is broken.
    package static func open(
        _ configuration: AuditConfiguration, found: FoundChain? = nil, signer: (any CheckpointSigner)?,
        clock: any WallClock = SystemWallClock(), logger: Logger,
        onCheckpoint: @escaping @Sendable (AuditCheckpoint) -> Void = { _ in }
    ) async throws(AuditOpenError) -> AuditTrail {
        let signer = try signer.map { (signer) throws(AuditOpenError) in try checked(signer) }
        let chain = if let found { found } else { try await FoundChain.find(in: configuration) }
        let (writer, recovery, beginning) = try await onOwnThread("audit-open") { () throws(AuditOpenError) in
            try makeWriter(after: chain, configuration, key: signer?.key, clock)
        }
        let trail = AuditTrail(
            configuration, writer: writer, recovery: recovery, beginning: beginning, signer: signer, clock: clock,
            logger: logger, onCheckpoint: onCheckpoint)
        let start = ProcessStart(
            time: clock.now, version: configuration.version, token: configuration.tokenLabel,
            cutBytes: recovery.cutBytes)
        do throws(AuditError) {
            _ = try await trail.write(LineBody(.record, AuditLine.Content.opened(start).body))
        } catch {
            await trail.stop()
            throw .inaccessible(path: configuration.directory, reason: "\(error)")
        }
        if recovery.cutBytes > 0 {
            logger.warning(
                "an audit line that was never acknowledged was cut off", metadata: ["bytes": "\(recovery.cutBytes)"])
        }
        return trail
    }

    /// Checks the lines of the last file that were not read when the chain was opened: those before ``AuditConfiguration/endBytes``. It
    /// takes seconds, of which a few tenths are processor time. Checkpoints and the next file wait for it.
    ///
    /// - Throws: ``AuditOpenError/broken(file:line:reason:)`` if a line was changed or is missing.
    package func checkBeginning() async throws(AuditOpenError) {
        let (folder, key, logger) = (folder, signer?.key, logger)
        try await beginning.check { (lines) throws(AuditOpenError) in
            logger.info(
                "the beginning of the audit file is checked; checkpoints wait for it",
                metadata: ["bytes": "\(lines.length)"])
            try await onOwnThread("audit-check") { () throws(AuditOpenError) in
                try ChainRecovery.check(lines, in: folder, under: key)
            }
        }
    }

    private static func makeWriter(
        after chain: FoundChain, _ configuration: AuditConfiguration, key: PublicKey?, _ clock: any WallClock
    ) throws(AuditOpenError) -> (ChainWriter, ChainRecovery, UncheckedBeginning) {
        let folder = chain.recovery.folder
        guard let lock = chain.takeLock() else { throw .locked(directory: folder.path) }
        let recovery = try chain.recovery.verified(under: key)
        let (file, head) = try recovery.takeUp(at: clock.now)
        let beginning = UncheckedBeginning(recovery.beginning)
        let writer = ChainWriter(
            head: head, file: file, folder: folder, lock: lock.handOver(), beginning: beginning,
            configuration: configuration, clock: clock)
        return (writer, recovery, beginning)
    }

    private static func checked(_ signer: any CheckpointSigner) throws(AuditOpenError) -> Signer {
        guard let key = try? PublicKey(der: signer.publicKey.der), key.kind == .ec(.p256) else {
            throw .inaccessible(path: "token", reason: "the audit key is not on the curve P-256")
        }
        return Signer(signer: signer, key: key)
    }
}
