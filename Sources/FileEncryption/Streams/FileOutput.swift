internal import Glibc
internal import SystemPackage

/// An open descriptor for writing. Its opener closes it.
package struct FileOutput: Sendable {
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
    package static func stream(_ descriptor: Int32, name: String) -> FileOutput {
        enlargePipe(descriptor)
        return FileOutput(descriptor: descriptor, name: name, order: .inTurn)
    }

    /// Returns an output for a new regular file that has no other writer and was not opened to append, written in any order.
    package static func newFile(_ descriptor: Int32, name: String) -> FileOutput {
        FileOutput(descriptor: descriptor, name: name, order: .any)
    }

    /// An output that writes nothing.
    static let none = FileOutput(descriptor: -1, name: "", order: .none)

    func write(_ bytes: UnsafeRawBufferPointer) throws(FileEncryptionError) {
        var rest = bytes
        while !rest.isEmpty {
            do {
                let written = try FileDescriptor(rawValue: descriptor).write(rest)
                rest = UnsafeRawBufferPointer(rebasing: rest[written...])
            } catch Errno.resourceTemporarilyUnavailable {
                // Another process has made standard output non-blocking.
                var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&entry, 1, -1)
            } catch {
                throw .system(.write, name: name, error)
            }
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: off_t) throws(FileEncryptionError) {
        do {
            try FileDescriptor(rawValue: descriptor).writeAll(toAbsoluteOffset: Int64(offset), bytes)
        } catch {
            throw .system(.write, name: name, error)
        }
    }

    func write(_ bytes: [UInt8]) throws(FileEncryptionError) {
        let outcome = bytes.withUnsafeBytes { buffer in
            Result { () throws(FileEncryptionError) in try write(buffer) }
        }
        try outcome.get()
    }
}
