internal import Glibc
internal import SystemPackage

/// Reads a file line by line, in an amount of memory that does not depend on the file.
struct LineReader: ~Copyable {
    enum RawLine {
        /// A line, without its line feed.
        case whole([UInt8])
        /// A line longer than ``AuditLine/maxLength``. It is not read to its end, which may be far away, until the next line is asked for.
        case overlong
        /// The number of bytes at the end of the file, without a line feed.
        case unfinished(Int)
    }

    let path: String
    /// The end of the last whole line, in bytes.
    private(set) var offset: UInt64 = 0
    private let descriptor: FileDescriptor
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)
    private var unread = 0..<0
    /// True if the rest of an overlong line comes next.
    private var isInOverlong = false

    init(_ path: String) throws(AuditOpenError) {
        self.path = path
        descriptor = try Self.descriptor(of: path)
    }

    deinit {
        try? descriptor.close()
    }

    /// Opens a file, but never through a symbolic link, and never as the controlling terminal.
    private static func descriptor(of path: String) throws(AuditOpenError) -> FileDescriptor {
        let descriptor: FileDescriptor
        do {
            let noTerminal = FileDescriptor.OpenOptions(rawValue: O_NOCTTY)
            // Without blocking, because opening a FIFO would wait for its writer.
            descriptor = try .open(path, .readOnly, options: [.closeOnExec, .noFollow, .nonBlocking, noTerminal])
        } catch {
            throw .inaccessible(path: path, reason: "\(error)")
        }
        var status = stat()
        guard fstat(descriptor.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            try? descriptor.close()
            throw .inaccessible(path: path, reason: "it is not a regular file")
        }
        return descriptor
    }

    /// Returns the length of the file in bytes.
    func length() throws(AuditOpenError) -> UInt64 {
        var status = stat()
        guard fstat(descriptor.rawValue, &status) == 0 else {
            throw .inaccessible(path: path, reason: SystemError.text)
        }
        return UInt64(status.st_size)
    }

    /// The device and the inode of a file.
    struct Identity: Hashable, Sendable {
        let device: UInt64
        let inode: UInt64
    }

    /// Returns which file is being read, whatever its path now leads to.
    func identity() throws(AuditOpenError) -> Identity {
        var status = stat()
        guard fstat(descriptor.rawValue, &status) == 0 else {
            throw .inaccessible(path: path, reason: SystemError.text)
        }
        return Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }

    /// A file from which single lines are read again.
    final class Source {
        private let path: String
        private let descriptor: FileDescriptor

        init(_ path: String) throws(AuditOpenError) {
            self.path = path
            descriptor = try LineReader.descriptor(of: path)
        }

        deinit {
            try? descriptor.close()
        }

        /// Returns the bytes of a line; fewer if the file has become shorter.
        func read(_ length: Int, at offset: UInt64) throws(AuditOpenError) -> [UInt8] {
            do {
                return try [UInt8](unsafeUninitializedCapacity: length) { buffer, filled in
                    // Reads into the array's own memory.
                    filled = try descriptor.read(
                        fromAbsoluteOffset: Int64(offset), into: UnsafeMutableRawBufferPointer(buffer))
                }
            } catch {
                throw .inaccessible(path: path, reason: "\(error)")
            }
        }
    }

    /// Moves to the first line that starts in the last bytes of the file, unless the file is shorter. Call it before anything is read.
    mutating func skip(toLast bytes: UInt64) throws(AuditOpenError) {
        let length = lseek(descriptor.rawValue, 0, SEEK_END)
        let start = off_t(clamping: bytes) < length - 1 ? length - 1 - off_t(clamping: bytes) : 0
        guard length >= 0, lseek(descriptor.rawValue, start, SEEK_SET) >= 0 else {
            throw .inaccessible(path: path, reason: SystemError.text)
        }
        guard start > 0 else { return }
        offset = UInt64(start)
        // Skips the rest of a line, with its line feed.
        _ = try next()
        if isInOverlong { _ = try skipRest() }
    }

    /// Returns the next line; nil at the end of the file. Another call finds lines that are appended later.
    mutating func next() throws(AuditOpenError) -> RawLine? {
        if isInOverlong {
            guard try skipRest() else { return nil }
        }
        var searched = 0
        while true {
            if let length = lineFeed(from: searched) {
                let line = unread.lowerBound..<unread.lowerBound + length
                unread = line.upperBound + 1..<unread.upperBound
                offset += UInt64(length + 1)
                return length > AuditLine.maxLength ? .overlong : .whole(Array(buffer[line]))
            }
            searched = unread.count
            guard unread.count <= AuditLine.maxLength else {
                isInOverlong = true
                return .overlong
            }
            guard try fill() else { return unread.isEmpty ? nil : .unfinished(unread.count) }
        }
    }

    /// Skips the rest of an overlong line, with its line feed. Returns false if the file ends before.
    private mutating func skipRest() throws(AuditOpenError) -> Bool {
        while true {
            if let length = lineFeed(from: 0) {
                unread = unread.lowerBound + length + 1..<unread.upperBound
                offset += UInt64(length + 1)
                isInOverlong = false
                return true
            }
            offset += UInt64(unread.count)
            unread = 0..<0
            try skipHole()
            guard try fill() else { return false }
        }
    }

    /// Moves over a hole of a sparse file, in which there is no line feed. Nothing may be unread.
    private mutating func skipHole() throws(AuditOpenError) {
        let place = lseek(descriptor.rawValue, 0, SEEK_CUR)
        // Fails behind the last data, and where the file system knows no holes.
        let data = lseek(descriptor.rawValue, place, SeekPlace.data)
        let next = data >= 0 ? data : errno == ENXIO ? lseek(descriptor.rawValue, 0, SEEK_END) : place
        guard place >= 0, next >= place, lseek(descriptor.rawValue, next, SEEK_SET) >= 0 else {
            throw .inaccessible(path: path, reason: SystemError.text)
        }
        offset += UInt64(next - place)
    }

    /// Returns the distance to the next line feed in the buffer.
    private func lineFeed(from searched: Int) -> Int? {
        buffer.withUnsafeBytes { bytes in
            // The array's memory, valid in this closure.
            let rest = UnsafeRawBufferPointer(rebasing: bytes[unread.lowerBound + searched..<unread.upperBound])
            guard let start = rest.baseAddress, let found = memchr(start, 0x0A, rest.count) else { return nil }
            return searched + (UnsafeRawPointer(found) - start)
        }
    }

    /// Reads more bytes after the unread ones. Returns false if there are none.
    private mutating func fill() throws(AuditOpenError) -> Bool {
        if unread.lowerBound > 0 {
            buffer.withUnsafeMutableBytes { bytes in
                bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[unread]))
            }
            unread = 0..<unread.count
        }
        if unread.upperBound == buffer.count { buffer += [UInt8](repeating: 0, count: buffer.count) }
        let end = unread.upperBound
        let count: Int
        do {
            count = try buffer.withUnsafeMutableBytes { bytes in
                try descriptor.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[end...]))
            }
        } catch {
            throw .inaccessible(path: path, reason: "\(error)")
        }
        unread = unread.lowerBound..<end + count
        return count > 0
    }
}
