internal import Glibc

/// An open descriptor for writing. Its opener closes it.
public struct FileOutput: Sendable {
    /// The order in which the parts of the content may be written.
    enum Order: Sendable {
        /// Each part at its own offset, by all threads at once, to a new file.
        case any
        /// One part after the other.
        case inTurn
        /// Nothing is written; the content is only verified.
        case none
    }

    let descriptor: Int32
    /// The name in messages.
    let name: String
    let order: Order

    /// Returns an output for a pipe, a terminal, or any standard output, written in order.
    public static func stream(_ descriptor: Int32, name: String) -> FileOutput {
        enlargePipe(descriptor)
        return FileOutput(descriptor: descriptor, name: name, order: .inTurn)
    }

    /// Returns an output for a new regular file that has no other writer and was not opened to append, written in any order.
    public static func newFile(_ descriptor: Int32, name: String) -> FileOutput {
        FileOutput(descriptor: descriptor, name: name, order: .any)
    }

    /// An output that writes nothing.
    static let none = FileOutput(descriptor: -1, name: "", order: .none)

    func write(_ bytes: UnsafeRawBufferPointer) throws(FileEncryptionError) {
        var rest = bytes
        while !rest.isEmpty {
            let written = Self.write(descriptor, rest)
            if written < 0, errno == EINTR { continue }
            if written < 0, errno == EAGAIN {
                // Another process has made standard output non-blocking.
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
