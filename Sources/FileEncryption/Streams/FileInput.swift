#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// An open descriptor that is read: a file, or a pipe. Whoever opened it closes it.
public struct FileInput: Sendable {
    let descriptor: Int32
    /// What it is called in messages.
    let name: String

    public init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
        enlargePipe(descriptor)
    }

    /// How many bytes are left from where the descriptor stands, if that can be known: not for a pipe, nor for a file of which
    /// the system says that it is empty, as it does of those in /proc that are not.
    public var remaining: UInt64? { position.map(\.count) }

    /// Where a regular file stands, and how much of it is left.
    var position: (offset: off_t, count: UInt64)? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else {
            return nil
        }
        let offset = lseek(descriptor, 0, SEEK_CUR)
        guard offset >= 0 else { return nil }
        return (offset, UInt64(max(0, status.st_size - offset)))
    }

    /// Reads so many bytes; fewer at the end only.
    func read(_ count: Int) throws(FileEncryptionError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let got = bytes.withUnsafeMutableBytes { buffer in
            Result { () throws(FileEncryptionError) in try read(into: buffer) { false } }
        }
        bytes.removeSubrange((try got.get())...)
        return bytes
    }

    /// Fills a buffer; answers less than its length at the end only.
    ///
    /// - Parameter isCancelled: is asked now and then while nothing comes; then what there is counts.
    func read(
        into buffer: UnsafeMutableRawBufferPointer, unless isCancelled: () -> Bool
    ) throws(FileEncryptionError) -> Int {
        var count = 0
        while count < buffer.count {
            guard waitForInput(unless: isCancelled) else { return count }
            // The buffer is the caller's, valid in this call.
            let got = Self.read(descriptor, UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
            if got < 0, errno == EINTR || errno == EAGAIN { continue }
            guard got >= 0 else { throw .system(.read, name: name, code: errno) }
            if got == 0 { return count }
            count += got
        }
        return count
    }

    /// Fills a buffer from a place of a regular file.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: off_t) throws(FileEncryptionError) {
        var count = 0
        while count < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
            let got = pread(descriptor, rest.baseAddress, rest.count, offset + off_t(count))
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw .system(.read, name: name, code: errno) }
            guard got > 0 else { throw .shrunk(name: name) }
            count += got
        }
    }

    /// Fills several buffers from a place of a regular file: by one call, unless the system takes a part only.
    func read(into vectors: UnsafeMutableBufferPointer<iovec>, at offset: off_t) throws(FileEncryptionError) {
        let got = max(0, preadv(descriptor, vectors.baseAddress, Int32(vectors.count), offset))
        var start = 0
        for vector in vectors {
            let done = min(max(0, got - start), vector.iov_len)
            let rest = UnsafeMutableRawBufferPointer(start: vector.iov_base, count: vector.iov_len).dropFirst(done)
            try read(into: UnsafeMutableRawBufferPointer(rebasing: rest), at: offset + off_t(start + done))
            start += vector.iov_len
        }
    }

    /// A method of that name hides the system's function.
    private static func read(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        #else
            Musl.read(descriptor, buffer.baseAddress, buffer.count)
        #endif
    }

    /// Whoever waits for a pipe must not wait for ever when another thread has failed.
    private func waitForInput(unless isCancelled: () -> Bool) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while poll(&entry, 1, 100) == 0 {
            if isCancelled() { return false }
        }
        return true
    }
}

/// Lets a pipe hold 1 MiB instead of 64 KiB, if it is one and the system allows: both ends wait less for each other.
func enlargePipe(_ descriptor: Int32) {
    /// F_SETPIPE_SZ of Linux, a GNU extension that the importer does not see.
    let setPipeSize: Int32 = 1031
    _ = fcntl(descriptor, setPipeSize, 1 << 20)
}
