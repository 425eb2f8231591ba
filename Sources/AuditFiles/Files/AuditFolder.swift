internal import FoundationEssentials
internal import Glibc
internal import SystemPackage

/// The folder of a chain's files: `audit-00000001.jsonl` and so on.
struct AuditFolder: Sendable {
    let path: String

    static func name(of number: UInt64) -> String {
        let digits = String(number)
        return "audit-" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits + ".jsonl"
    }

    /// Returns the number in a file's name; nil if it is not the name of an audit file.
    static func number(of name: String) -> UInt64? {
        guard name.hasPrefix("audit-"), name.hasSuffix(".jsonl"), let number = UInt64(name.dropFirst(6).dropLast(6)),
            number > 0, number < 1 << 62, Self.name(of: number) == name
        else { return nil }
        return number
    }

    func path(of number: UInt64) -> String { "\(path)/\(Self.name(of: number))" }

    /// Returns the numbers of all existing files, in order.
    func files() throws(AuditOpenError) -> [UInt64] {
        guard access(path, R_OK | X_OK) == 0 else { throw .inaccessible(path: path, reason: SystemError.text) }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path).compactMap(Self.number).sorted()
        } catch {
            throw .inaccessible(path: path, reason: "the folder cannot be read: \(error)")
        }
    }

    /// Makes the folder with mode 0700 if it is missing.
    ///
    /// - Throws: also if others than its owner may write to it, because they could replace the files.
    static func prepare(_ path: String) throws(AuditOpenError) -> AuditFolder {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw .inaccessible(path: path, reason: "the path is empty")
        }
        if mkdir(path, S_IRWXU) != 0, errno != EEXIST {
            throw .inaccessible(path: path, reason: "the folder cannot be made: \(SystemError.text)")
        }
        var status = stat()
        guard stat(path, &status) == 0 else { throw .inaccessible(path: path, reason: SystemError.text) }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw .inaccessible(path: path, reason: "it is no folder") }
        guard status.st_mode & 0o022 == 0 else {
            throw .inaccessible(path: path, reason: "others may write in it; chmod it to 0700 or 0750")
        }
        return AuditFolder(path: path)
    }

    /// Locks the folder for this process, until the descriptor is closed.
    ///
    /// - Returns: the descriptor that holds the lock.
    func lock() throws(AuditOpenError) -> Int32 {
        let file = "\(path)/audit.lock"
        let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR)
        guard descriptor >= 0 else { throw .inaccessible(path: file, reason: SystemError.text) }
        // The lock belongs to the open file, not to the process, so a second opening in the same process is refused too.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isTaken = errno == EWOULDBLOCK
            let reason = SystemError.text
            close(descriptor)
            if isTaken { throw .locked(directory: path) }
            throw .inaccessible(path: file, reason: reason)
        }
        return descriptor
    }

    /// Syncs the names of new files to disk.
    func sync() -> Bool {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return fsync(descriptor) == 0
    }
}

/// The text of the system's last error.
enum SystemError {
    static var text: String { Errno(rawValue: errno).description }
}
