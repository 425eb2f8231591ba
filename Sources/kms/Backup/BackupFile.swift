import Crypto
import Encodings
import FoundationEssentials
import Glibc
import KeyManagement

/// Copies, digests and syncs the files of a backup, in an amount of memory that does not depend on their size.
enum BackupFile {
    /// Reads the first bytes of a file piece by piece.
    static func read(
        _ path: String, atMost limit: UInt64 = .max, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> UInt64 {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw failure("read", path) }
        defer { close(descriptor) }
        var piece = [UInt8](repeating: 0, count: 1 << 18)
        var done: UInt64 = 0
        while done < limit {
            let wanted = Int(min(UInt64(piece.count), limit - done))
            let count = Glibc.read(descriptor, &piece, wanted)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", path) }
            if count == 0 { break }
            try piece.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            done += UInt64(count)
        }
        return done
    }

    /// Returns the size and the SHA-256 of a file.
    static func digest(_ path: String) throws -> (byteCount: UInt64, sha256: String) {
        var hash = SHA256()
        let count = try read(path) { hash.update(bufferPointer: $0) }
        return (count, Hexadecimal.text(Array(hash.finalize())))
    }

    /// Copies the first bytes of a file into a new file of mode 0600. The copy is on disk when the call returns.
    static func copy(_ path: String, to destination: String, atMost limit: UInt64 = .max) throws {
        let descriptor = open(destination, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw failure("made", destination) }
        defer { close(descriptor) }
        let count = try read(path, atMost: limit) { piece in
            var rest = piece
            while !rest.isEmpty {
                let written = write(descriptor, rest.baseAddress, rest.count)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { throw failure("written", destination) }
                rest = UnsafeRawBufferPointer(rebasing: rest[written...])
            }
        }
        guard limit == .max || count == limit else {
            throw Failure(.store, "'\(path)' became shorter while it was read")
        }
        guard fsync(descriptor) == 0 else { throw failure("put on disk", destination) }
    }

    /// Returns true if the content of `other` begins with the whole content of the file at `path`.
    static func isPrefix(_ path: String, of other: String) throws -> Bool {
        let (count, digest) = try digest(path)
        var hash = SHA256()
        guard try read(other, atMost: count, { hash.update(bufferPointer: $0) }) == count else { return false }
        return Hexadecimal.text(Array(hash.finalize())) == digest
    }

    /// Syncs a file, or the names in a folder, to disk.
    static func sync(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("opened", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("put on disk", path) }
    }

    static func makeFolder(_ path: String) throws {
        guard mkdir(path, 0o700) == 0 else { throw failure("made", path) }
    }

    static func move(_ path: String, to destination: String) throws {
        guard rename(path, destination) == 0 else { throw failure("moved to '\(destination)'", path) }
    }

    static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }

    static func failure(_ what: String, _ path: String) -> Failure {
        Failure(.store, "'\(path)' cannot be \(what): \(SystemCause.text(errno))")
    }
}
