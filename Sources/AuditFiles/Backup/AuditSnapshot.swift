internal import FoundationEssentials
internal import Glibc
internal import KeyManagement
internal import Synchronization

/// The lengths of a chain's files at one moment, in whole lines. Lines that are written later are not part of it.
package struct AuditSnapshot: Sendable {
    package struct File: Hashable, Sendable {
        package let name: String
        package let byteCount: UInt64
    }

    package let files: [File]
    /// The state vector files, which record how new the store was, with their content: at most 512 KiB in all.
    package let stateFiles: [(name: String, bytes: [UInt8])]
    let directory: String

    /// Records the lengths, while another process may write; empty if there are no files.
    package init(directory: String) throws(AuditOpenError) {
        let folder = AuditFolder(path: directory)
        var files: [File] = []
        for number in try folder.files() {
            let path = folder.path(of: number)
            files.append(File(name: AuditFolder.name(of: number), byteCount: try Self.wholeLines(of: path)))
        }
        self.files = files.filter { $0.byteCount > 0 }
        stateFiles = try StateFile(folder: folder).names().compactMap { name in
            // A file that is replaced by a newer one at this moment is not needed.
            FileManager.default.contents(atPath: "\(directory)/\(name)").map { (name, Array($0)) }
        }
        self.directory = directory
    }

    /// Returns the length up to the last line feed. A line that is being written is not whole yet.
    private static func wholeLines(of path: String) throws(AuditOpenError) -> UInt64 {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw .inaccessible(path: path, reason: SystemError.text) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .inaccessible(path: path, reason: SystemError.text) }
        var end = status.st_size
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while end > 0 {
            let start = max(0, end - piece.count)
            let count = pread(descriptor, &piece, end - start, off_t(start))
            guard count == end - start else { throw .inaccessible(path: path, reason: SystemError.text) }
            if let feed = piece[..<count].lastIndex(of: 0x0A) {
                let end = start + feed + 1
                // A copy would fill it with zeros, whatever its size.
                let hole = lseek(descriptor, 0, SeekPlace.hole)
                guard hole < 0 || hole >= end else {
                    throw .inaccessible(path: path, reason: "it has a hole at byte \(hole), which no audit file has")
                }
                return UInt64(end)
            }
            end = start
        }
        return 0
    }

    /// Returns true for the path of a state vector file. Such files are replaced; all others only grow.
    package static func isStateFile(_ path: String) -> Bool {
        StateFile.isName(String(path.split(separator: "/").last ?? ""))
    }

    /// Returns the path of a file.
    package func path(of file: File) -> String { "\(directory)/\(file.name)" }
}

/// A lock that keeps others from writing to a chain while this value lives.
package final class AuditFolderLock: Sendable {
    private let descriptor: Int32
    private let isReleased = Atomic(false)

    /// Takes the lock.
    ///
    /// - Throws: ``AuditOpenError/locked(directory:)`` if another process, such as a running service, writes to the chain.
    package init(directory: String) throws(AuditOpenError) {
        descriptor = try AuditFolder(path: directory).lock()
    }

    deinit {
        release()
    }

    /// Releases the lock.
    package func release() {
        guard !isReleased.exchange(true, ordering: .acquiringAndReleasing) else { return }
        FolderLock.letGo(descriptor)
    }
}
