import FoundationEssentials
import Glibc

/// Writes files that hold secrets: with mode 0600, never over another file, on disk when the call returns.
enum PrivateFile {
    /// Checks that a file can be made, before its content exists as the only copy.
    ///
    /// - Throws: a ``Failure`` if the file exists, or if its folder is not writable.
    static func requireFree(_ path: String) throws(Failure) {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw exists(path)
        }
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        guard FileManager.default.isWritableFile(atPath: folder) else {
            throw Failure(.configuration, "the folder \(folder) cannot be written to")
        }
    }

    /// Throws a ``Failure`` if one of the named files exists.
    static func requireAbsent(_ paths: [String?]) throws(Failure) {
        for path in paths.compactMap(\.self) where FileManager.default.fileExists(atPath: path) {
            throw exists(path)
        }
    }

    /// Creates a file.
    ///
    /// - Throws: a ``Failure`` if the file exists or cannot be written; no file is then left.
    static func create(_ path: String, _ bytes: UnsafeRawBufferPointer) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw errno == EEXIST ? exists(path) : .unwritable(path)
        }
        var rest = bytes
        while !rest.isEmpty {
            let written = write(descriptor, rest.baseAddress, rest.count)
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw giveUp(path, descriptor) }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
        guard fsync(descriptor) == 0 else { throw giveUp(path, descriptor) }
        close(descriptor)
        syncFolder(of: path)
    }

    /// Syncs the folder of a new file, because the file's name is on disk only then.
    private static func syncFolder(of path: String) {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        close(descriptor)
    }

    private static func giveUp(_ path: String, _ descriptor: Int32) -> Failure {
        let failure = Failure.unwritable(path)
        close(descriptor)
        unlink(path)
        return failure
    }

    private static func exists(_ path: String) -> Failure {
        Failure(.configuration, "\(path) exists already; it is not overwritten")
    }
}
