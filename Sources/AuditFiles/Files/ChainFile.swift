internal import Glibc
internal import KeyManagement

/// The file that is written to: appended to and, after a failure, truncated to the length that is known to be on disk.
struct ChainFile: Sendable {
    let path: String
    private let descriptor: Int32

    /// Opens an existing file.
    init(existing path: String) throws(AuditError) {
        try self.init(path, O_WRONLY | O_APPEND)
    }

    /// Makes a file, which must not exist.
    init(new path: String) throws(AuditError) {
        try self.init(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL)
        // An unusual umask may have removed more permissions.
        guard fchmod(descriptor, S_IRUSR | S_IWUSR) == 0 else {
            let failure = failure("made")
            close()
            unlink(path)
            throw failure
        }
    }

    private init(_ path: String, _ flags: Int32) throws(AuditError) {
        self.path = path
        descriptor = open(path, flags | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, S_IRUSR | S_IWUSR)
        guard descriptor >= 0 else { throw .unavailable("'\(path)' cannot be opened: \(SystemError.text)") }
    }

    func close() { _ = Glibc.close(descriptor) }

    /// Fails unless the file still has its name and its expected length. A change by another process breaks the chain.
    func check(length: UInt64) throws(AuditError) {
        var own = stat()
        var named = stat()
        guard fstat(descriptor, &own) == 0 else { throw failure("asked about") }
        guard lstat(path, &named) == 0, named.st_dev == own.st_dev, named.st_ino == own.st_ino else {
            throw .unavailable("'\(path)' was removed or replaced while it was written; restart")
        }
        guard UInt64(own.st_size) == length else {
            throw .unavailable("'\(path)' has \(own.st_size) bytes, not \(length): others write to it; restart")
        }
    }

    /// Writes everything, or fails; a part of it may then be in the file.
    func write(_ bytes: [UInt8]) throws(AuditError) {
        let isWritten = bytes.withUnsafeBytes { bytes in
            var rest = bytes
            while !rest.isEmpty {
                // The array's memory, valid in this closure.
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
            return true
        }
        guard isWritten else { throw failure("written") }
    }

    func sync() throws(AuditError) {
        guard fdatasync(descriptor) == 0 else { throw failure("put on disk") }
    }

    /// Truncates the file to `length`, durably.
    func cut(to length: UInt64) throws(AuditError) {
        guard ftruncate(descriptor, off_t(length)) == 0, fsync(descriptor) == 0 else { throw failure("cut") }
    }

    /// Returns the free space of the disk, in bytes.
    func freeBytes() throws(AuditError) -> UInt64 {
        var disk = statvfs()
        guard fstatvfs(descriptor, &disk) == 0 else { throw failure("asked for room") }
        let (free, isMuch) = UInt64(disk.f_bavail).multipliedReportingOverflow(by: UInt64(disk.f_frsize))
        return isMuch ? .max : free
    }

    private func failure(_ what: String) -> AuditError {
        .unavailable("'\(path)' cannot be \(what): \(SystemError.text)")
    }
}
