internal import Synchronization
internal import ThreadExecutor

/// A chain as found in its folder: locked and read, but not yet changed.
package final class FoundChain: Sendable {
    let recovery: ChainRecovery
    private let lock: Mutex<FolderLock?>

    /// Locks the folder of a chain, which is made if it is missing, and reads the end of the last file. This can run before
    /// `AuditTrail.open(_:found:signer:clock:logger:onCheckpoint:)`, while other components are opened.
    ///
    /// - Throws: ``AuditOpenError`` like that method, except for signatures, because the key is not known yet.
    package static func find(in configuration: AuditConfiguration) async throws(AuditOpenError) -> FoundChain {
        try await onOwnThread("audit-find") { () throws(AuditOpenError) in
            let folder = try AuditFolder.prepare(configuration.directory)
            let lock = try FolderLock(folder)
            return FoundChain(try ChainRecovery(reading: folder, end: configuration.endBytes), lock)
        }
    }

    private init(_ recovery: ChainRecovery, _ lock: consuming FolderLock) {
        self.recovery = recovery
        self.lock = Mutex(lock)
    }

    /// Hands over the lock; returns nil if that was done before.
    func takeLock() -> FolderLock? { lock.withLock { $0.take() } }
}
