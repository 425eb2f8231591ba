internal import Glibc

/// The lock on a folder, released at the end of its life unless it was handed over.
struct FolderLock: ~Copyable {
    private let descriptor: Int32

    init(_ folder: AuditFolder) throws(AuditOpenError) {
        descriptor = try folder.lock()
    }

    deinit {
        Self.letGo(descriptor)
    }

    /// Unlocks explicitly, because a child process that is being started may still hold a copy of the descriptor, and with it the lock.
    static func letGo(_ descriptor: Int32) {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Hands over the descriptor, which the receiver must close.
    consuming func handOver() -> Int32 {
        let descriptor = descriptor
        discard self
        return descriptor
    }
}
