import FoundationEssentials
import Glibc

/// A file that is created whole, or not at all.
///
/// If the file system supports it (Linux's `O_TMPFILE`), the file has no name while it is written. Nothing is then left behind, however the
/// process ends. Otherwise the file has a temporary name in the same folder until it is whole.
final class NewFile: Sendable {
    let descriptor: Int32
    let path: String
    /// The temporary name; nil while the file has no name.
    private let temporaryPath: String?
    private let isReplacing: Bool

    /// `__O_TMPFILE` of Linux, a GNU extension that the importer does not see.
    private static let nameless: Int32 = 0o20000000 | O_DIRECTORY

    /// Makes the file, without its final name.
    ///
    /// - Parameters:
    ///   - mode: the permissions, from which the umask is subtracted.
    ///   - isReplacing: true if a regular file of that name may be replaced in the end.
    ///   - canBeNameless: false to act as on a file system without nameless files.
    init(_ path: String, mode: mode_t, isReplacing: Bool, canBeNameless: Bool = true) throws(Failure) {
        self.path = path
        self.isReplacing = isReplacing
        try Self.requireAllowed(path, isReplacing)
        let nameless = canBeNameless ? open(Self.folder(of: path), O_RDWR | O_CLOEXEC | Self.nameless, mode) : -1
        if nameless >= 0 {
            descriptor = nameless
            temporaryPath = nil
            return
        }
        let temporary = Self.temporaryPath(for: path)
        descriptor = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        temporaryPath = temporary
        guard descriptor >= 0 else { throw Self.failure(path) }
    }

    deinit {
        // After publish(), the temporary name no longer exists.
        if let temporaryPath, descriptor >= 0 { unlink(temporaryPath) }
        close(descriptor)
    }

    /// Copies the permissions of the input file.
    func copyMode(from input: String) throws(Failure) {
        var status = stat()
        guard stat(input, &status) == 0, fchmod(descriptor, status.st_mode & 0o777) == 0 else {
            throw Self.failure(path)
        }
    }

    /// Gives the file its name once its content is on disk. A file that has appeared under that name meanwhile is kept, unless replacement
    /// was requested.
    func publish() throws(Failure) {
        guard fsync(descriptor) == 0 else { throw Self.failure(path) }
        if isReplacing {
            let temporary = if let temporaryPath { temporaryPath } else { try named() }
            guard rename(temporary, path) == 0 else {
                let failure = Self.failure(path)
                unlink(temporary)
                throw failure
            }
        } else if let temporaryPath {
            try publish(temporaryPath)
        } else {
            guard linkNameless(to: path) == 0 else { throw Self.failure(path) }
        }
        syncFolder()
    }

    private func publish(_ temporary: String) throws(Failure) {
        if link(temporary, path) == 0 {
            unlink(temporary)
            return
        }
        // Without hard links, the check and the rename cannot be atomic.
        guard errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS else { throw Self.failure(path) }
        try Self.requireAllowed(path, false)
        guard rename(temporary, path) == 0 else { throw Self.failure(path) }
    }

    /// Gives the file a temporary name, because a file without a name cannot be renamed.
    private func named() throws(Failure) -> String {
        let temporary = Self.temporaryPath(for: path)
        guard linkNameless(to: temporary) == 0 else { throw Self.failure(path) }
        return temporary
    }

    /// Links the nameless file to a name. Unlike renaming, linking never replaces a file.
    private func linkNameless(to name: String) -> Int32 {
        linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, name, AT_SYMLINK_FOLLOW)
    }

    private static func requireAllowed(_ path: String, _ isReplacing: Bool) throws(Failure) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard isReplacing else { throw exists(path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Failure(.configuration, "\(path) is not a regular file, so it is not replaced")
        }
    }

    private static func temporaryPath(for path: String) -> String {
        "\(path).\(String(UInt64.random(in: 0 ... .max), radix: 36)).partial"
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }

    private func syncFolder() {
        let folder = open(Self.folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        _ = fsync(folder)
        close(folder)
    }

    private static func failure(_ path: String) -> Failure {
        errno == EEXIST ? exists(path) : .unwritable(path)
    }

    private static func exists(_ path: String) -> Failure {
        Failure(.configuration, "\(path) exists already; it is not overwritten without --force")
    }
}
