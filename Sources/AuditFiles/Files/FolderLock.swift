#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// The lock on a folder, let go of when nobody has taken it over.
struct FolderLock: ~Copyable {
    private let descriptor: Int32

    init(_ folder: AuditFolder) throws(AuditOpenError) {
        descriptor = try folder.lock()
    }

    deinit {
        Self.letGo(descriptor)
    }

    /// Unlocks in so many words: a process that is just being started may still hold a copy of the descriptor, and with it the lock.
    static func letGo(_ descriptor: Int32) {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Hands the descriptor to somebody who closes it.
    consuming func handOver() -> Int32 {
        let descriptor = descriptor
        discard self
        return descriptor
    }
}
