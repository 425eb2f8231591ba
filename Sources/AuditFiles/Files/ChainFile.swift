internal import Glibc
internal import KeyManagement
internal import SystemPackage

/// The file that is written to: appended to and, after a failure, truncated to the length that is known to be on disk.
struct ChainFile: Sendable {
    let path: String
    private let descriptor: FileDescriptor

    /// Opens an existing file.
    init(existing path: String) throws(AuditError) {
        try self.init(path, [.append])
    }

    /// Makes a file, which must not exist.
    init(new path: String) throws(AuditError) {
        try self.init(path, [.append, .create, .exclusiveCreate])
        // An unusual umask may have removed more permissions.
        guard fchmod(descriptor.rawValue, S_IRUSR | S_IWUSR) == 0 else {
            let failure = failure("made")
            close()
            unlink(path)
            throw failure
        }
    }

    private init(_ path: String, _ options: FileDescriptor.OpenOptions) throws(AuditError) {
        self.path = path
        do {
            let noTerminal = FileDescriptor.OpenOptions(rawValue: O_NOCTTY)
            descriptor = try .open(
                path, .writeOnly, options: options.union([.closeOnExec, .noFollow, noTerminal]),
                permissions: .ownerReadWrite)
        } catch {
            throw .unavailable("'\(path)' cannot be opened: \(error)")
        }
    }

    func close() { try? descriptor.close() }

    /// Fails unless the file still has its name and its expected length. A change by another process breaks the chain.
    func check(length: UInt64) throws(AuditError) {
        var own = stat()
        var named = stat()
        guard fstat(descriptor.rawValue, &own) == 0 else { throw failure("asked about") }
        guard lstat(path, &named) == 0, named.st_dev == own.st_dev, named.st_ino == own.st_ino else {
            throw .unavailable("'\(path)' was removed or replaced while it was written; restart")
        }
        guard UInt64(own.st_size) == length else {
            throw .unavailable("'\(path)' has \(own.st_size) bytes, not \(length): others write to it; restart")
        }
    }

    /// Writes everything, or fails; a part of it may then be in the file.
    func write(_ bytes: [UInt8]) throws(AuditError) {
        do {
            try descriptor.writeAll(bytes)
        } catch {
            throw failure("written", error)
        }
    }

    func sync() throws(AuditError) {
        guard fdatasync(descriptor.rawValue) == 0 else { throw failure("put on disk") }
    }

    /// Truncates the file to `length`, durably.
    func cut(to length: UInt64) throws(AuditError) {
        do {
            try descriptor.resize(to: Int64(length))
        } catch {
            throw failure("cut", error)
        }
        guard fsync(descriptor.rawValue) == 0 else { throw failure("cut") }
    }

    /// Returns the free space of the disk, in bytes.
    func freeBytes() throws(AuditError) -> UInt64 {
        var disk = statvfs()
        guard fstatvfs(descriptor.rawValue, &disk) == 0 else { throw failure("asked for room") }
        let (free, isMuch) = UInt64(disk.f_bavail).multipliedReportingOverflow(by: UInt64(disk.f_frsize))
        return isMuch ? .max : free
    }

    private func failure(_ what: String, _ error: any Error = Errno(rawValue: errno)) -> AuditError {
        .unavailable("'\(path)' cannot be \(what): \(error)")
    }
}
