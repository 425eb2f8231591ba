public import KeyManagement
internal import LibCrypto
public import Logging
internal import ThreadExecutor

extension AuditTrail {
    /// Takes up the chain in a folder, or begins one, and writes that it did.
    ///
    /// - Parameters:
    ///   - signer: nil when the token has no audit key; then there are no checkpoints.
    ///   - onCheckpoint: is handed each checkpoint once it is on disk, to publish it.
    /// - Throws: ``AuditOpenError`` when the folder or its last file cannot be used, when another process writes, or when the chain
    ///   of the last file is broken.
    public static func open(
        _ configuration: AuditConfiguration, signer: (any CheckpointSigner)?, clock: any WallClock = SystemWallClock(),
        logger: Logger, onCheckpoint: @escaping @Sendable (AuditCheckpoint) -> Void = { _ in }
    ) async throws(AuditOpenError) -> AuditTrail {
        let signer = try signer.map { (signer) throws(AuditOpenError) in try checked(signer) }
        let found = try await onOwnThread("audit-open") { () throws(AuditOpenError) in
            try recover(configuration, key: signer?.key, clock)
        }
        let trail = AuditTrail(
            configuration, folder: found.folder, writer: found.writer, latest: found.latest, signer: signer,
            clock: clock, logger: logger, onCheckpoint: onCheckpoint)
        let start = ProcessStart(
            time: clock.now, version: configuration.version, token: configuration.tokenLabel, cutBytes: found.cutBytes)
        do throws(AuditError) {
            _ = try await trail.write(LineBody(.record, AuditLine.Content.opened(start).body))
        } catch {
            await trail.stop()
            throw .inaccessible(path: configuration.directory, reason: "\(error)")
        }
        if found.cutBytes > 0 {
            logger.warning(
                "an audit line that was never acknowledged was cut off", metadata: ["bytes": "\(found.cutBytes)"])
        }
        return trail
    }

    private struct Found: Sendable {
        let folder: AuditFolder
        let writer: ChainWriter
        let latest: AuditCheckpoint?
        let cutBytes: UInt64
    }

    private static func recover(
        _ configuration: AuditConfiguration, key: PublicKey?, _ clock: any WallClock
    ) throws(AuditOpenError) -> Found {
        let folder = try AuditFolder.prepare(configuration.directory)
        let lock = try FolderLock(folder)
        var recovery = ChainRecovery(folder: folder, key: key)
        let (file, head) = try recovery.run(at: clock.now)
        let writer = ChainWriter(
            head: head, file: file, folder: folder, lock: lock.handOver(), configuration: configuration, clock: clock)
        return Found(folder: folder, writer: writer, latest: recovery.latest, cutBytes: recovery.cutBytes)
    }

    private static func checked(_ signer: any CheckpointSigner) throws(AuditOpenError) -> Signer {
        guard let key = try? PublicKey(der: signer.publicKey.der), key.kind == .ec(.p256) else {
            throw .inaccessible(path: "token", reason: "the audit key is not on the curve P-256")
        }
        return Signer(signer: signer, key: key)
    }
}
