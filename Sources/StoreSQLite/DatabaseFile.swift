import Glibc
import KeyManagement

/// The file of a database: made readable for its owner only, and recognised again later.
///
/// An existing file is never opened here. Closing any descriptor of it would drop the locks that SQLite holds on it in the same process
/// (POSIX advisory locks). So the file is only inspected by name.
struct DatabaseFile: Sendable {
    let path: String
    private let device: dev_t
    private let inode: ino_t

    /// The free space in bytes below which the store counts as full: room for some changes, their log and a checkpoint.
    private static let minFreeSpace: UInt64 = 4 << 20

    /// Remembers the file that is at `path` now.
    init(path: String) throws(StoreOpenError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .inaccessible(path: path, reason: Self.reason(errno)) }
        self.path = path
        device = status.st_dev
        inode = status.st_ino
    }

    /// Ensures that a file to open exists.
    ///
    /// A new file is empty, and its mode is 0600 whatever the umask.
    ///
    /// - Returns: true if this call has made the file.
    static func prepare(_ path: String, access: SQLiteKeyStore.Access) throws(StoreOpenError) -> Bool {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw .inaccessible(path: path, reason: "the path is empty")
        }
        try checkDirectory(of: path)
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard errno == ENOENT else { throw .inaccessible(path: path, reason: reason(errno)) }
            guard access == .create else { throw .missing(path: path) }
            return try create(path)
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .inaccessible(path: path, reason: "it is not a file") }
        guard Self.access(path, R_OK | W_OK) else { throw .inaccessible(path: path, reason: reason(errno)) }
        if status.st_size == 0, access == .create, chmod(path, S_IRUSR | S_IWUSR) != 0 {
            throw .inaccessible(path: path, reason: reason(errno))
        }
        return false
    }

    /// Removes the file that ``prepare(_:access:)`` made, with those that SQLite put beside it.
    static func remove(_ path: String) {
        for suffix in ["-wal", "-shm", "-journal", ""] { unlink(path + suffix) }
    }

    /// Fails if the file was removed or replaced while it was open, or if the disk is read-only or full. SQLite would continue to write to
    /// a removed file, and all of it would be lost.
    func check() throws(StoreError) {
        try checkIdentity()
        var disk = statvfs()
        guard statvfs(path, &disk) == 0 else { throw .unavailable("the disk of '\(path)': \(Self.reason(errno))") }
        let free = UInt64(disk.f_bavail).multipliedReportingOverflow(by: UInt64(disk.f_frsize))
        guard free.overflow || free.partialValue >= Self.minFreeSpace else {
            throw .unavailable("the disk of '\(path)' is full: \(free.partialValue) bytes are free")
        }
    }

    /// Fails if the file was removed or replaced while it was open.
    func checkIdentity() throws(StoreError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .unavailable("the database '\(path)': \(Self.reason(errno))") }
        guard status.st_dev == device, status.st_ino == inode else {
            throw .unavailable("the database '\(path)' was replaced by another file while it was open; restart")
        }
    }

    private static func checkDirectory(of path: String) throws(StoreOpenError) {
        let parent = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        var status = stat()
        guard stat(parent, &status) == 0 else {
            let why = errno == ENOENT ? "the directory '\(parent)' does not exist" : "'\(parent)': \(reason(errno))"
            throw .inaccessible(path: path, reason: why)
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw .inaccessible(path: path, reason: "'\(parent)' is not a directory")
        }
        // The log and its index are made beside the database.
        guard access(parent, W_OK | X_OK) else {
            throw .inaccessible(path: path, reason: "the directory '\(parent)': \(reason(errno))")
        }
    }

    /// Makes the file; returns false if another process made it first.
    private static func create(_ path: String) throws(StoreOpenError) -> Bool {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR)
        if descriptor < 0, errno == EEXIST { return false }
        guard descriptor >= 0 else { throw .inaccessible(path: path, reason: reason(errno)) }
        defer { close(descriptor) }
        // An unusual umask may have removed more permissions. SQLite gives the log and its index the mode of the database.
        guard fchmod(descriptor, S_IRUSR | S_IWUSR) == 0 else {
            let why = reason(errno)
            unlink(path)
            throw .inaccessible(path: path, reason: why)
        }
        return true
    }

    private static func access(_ path: String, _ mode: Int32) -> Bool {
        // For the effective user, like open().
        faccessat(AT_FDCWD, path, mode, AT_EACCESS) == 0
    }

    private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
