#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// An open descriptor that is written to. Whoever opened it closes it.
public struct FileOutput: Sendable {
    /// How the parts of the content may come.
    enum Order: Sendable {
        /// To a new file of ours: each to its place, by all threads at once.
        case any
        /// One after the other.
        case inTurn
        /// Nowhere; it is looked at only.
        case none
    }

    let descriptor: Int32
    /// What it is called in messages.
    let name: String
    let order: Order

    /// A pipe, a terminal, or whatever standard output is: written in order.
    public static func stream(_ descriptor: Int32, name: String) -> FileOutput {
        enlargePipe(descriptor)
        return FileOutput(descriptor: descriptor, name: name, order: .inTurn)
    }

    /// A new regular file that nobody else writes to, and that was not opened to append: written in any order.
    public static func newFile(_ descriptor: Int32, name: String) -> FileOutput {
        FileOutput(descriptor: descriptor, name: name, order: .any)
    }

    /// Writes nothing.
    static let none = FileOutput(descriptor: -1, name: "", order: .none)

    func write(_ bytes: UnsafeRawBufferPointer) throws(FileEncryptionError) {
        var rest = bytes
        while !rest.isEmpty {
            let written = Self.write(descriptor, rest)
            if written < 0, errno == EINTR { continue }
            if written < 0, errno == EAGAIN {
                // Standard output that somebody else has made non-blocking.
                var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&entry, 1, -1)
                continue
            }
            guard written > 0 else { throw .system(.write, name: name, code: errno) }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: off_t) throws(FileEncryptionError) {
        var count = 0
        while count < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[count...])
            let written = pwrite(descriptor, rest.baseAddress, rest.count, offset + off_t(count))
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw .system(.write, name: name, code: errno) }
            count += written
        }
    }

    func write(_ bytes: [UInt8]) throws(FileEncryptionError) {
        let outcome = bytes.withUnsafeBytes { buffer in
            Result { () throws(FileEncryptionError) in try write(buffer) }
        }
        try outcome.get()
    }

    private static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #else
            Musl.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }
}
