internal import Glibc
internal import SystemPackage

/// An open descriptor for reading: a file, or a pipe. Its opener closes it.
package struct FileInput: Sendable {
    let descriptor: Int32
    /// The name in messages.
    package let name: String

    package init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
        enlargePipe(descriptor)
    }

    /// The number of bytes from the current position to the end; nil if unknown. It is unknown for a pipe, and for a file that the system
    /// reports as empty, as it does for those in /proc that are not.
    package var remaining: UInt64? { position.map(\.count) }

    /// The position in a regular file, and the number of bytes after it.
    var position: (offset: off_t, count: UInt64)? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else {
            return nil
        }
        let offset = lseek(descriptor, 0, SEEK_CUR)
        guard offset >= 0 else { return nil }
        return (offset, UInt64(max(0, status.st_size - offset)))
    }

    /// Reads `count` bytes; fewer only at the end.
    func read(_ count: Int) throws(FileEncryptionError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let got = bytes.withUnsafeMutableBytes { buffer in
            Result { () throws(FileEncryptionError) in try read(into: buffer) { false } }
        }
        bytes.removeSubrange((try got.get())...)
        return bytes
    }

    /// Fills a buffer; returns less than its length only at the end.
    ///
    /// - Parameters:
    ///   - buffer: the memory to fill.
    ///   - isCancelled: called at intervals while no data arrives; if it returns true, the bytes read so far are returned.
    func read(
        into buffer: UnsafeMutableRawBufferPointer, unless isCancelled: () -> Bool
    ) throws(FileEncryptionError) -> Int {
        var count = 0
        while count < buffer.count {
            guard waitForInput(unless: isCancelled) else { return count }
            // The buffer is the caller's, valid in this call.
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
            do {
                let got = try FileDescriptor(rawValue: descriptor).read(into: rest)
                if got == 0 { return count }
                count += got
            } catch Errno.resourceTemporarilyUnavailable {
                continue
            } catch {
                throw .system(.read, name: name, error)
            }
        }
        return count
    }

    /// Fills a buffer from an offset in a regular file.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: off_t) throws(FileEncryptionError) {
        var count = 0
        while count < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
            let got: Int
            do {
                got = try FileDescriptor(rawValue: descriptor).read(
                    fromAbsoluteOffset: Int64(offset + off_t(count)), into: rest)
            } catch {
                throw .system(.read, name: name, error)
            }
            guard got > 0 else { throw .shrunk(name: name) }
            count += got
        }
    }

    /// Fills several buffers from an offset in a regular file, by one call unless the system reads only a part.
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

    /// Waits for input, but returns false once another thread has failed, so that a pipe cannot block forever.
    private func waitForInput(unless isCancelled: () -> Bool) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while poll(&entry, 1, 100) == 0 {
            if isCancelled() { return false }
        }
        return true
    }
}

/// Enlarges a pipe from 64 KiB to 1 MiB, if the descriptor is one and the system permits, so that both ends wait less.
func enlargePipe(_ descriptor: Int32) {
    /// F_SETPIPE_SZ of Linux, a GNU extension that the importer does not see.
    let setPipeSize: Int32 = 1031
    _ = fcntl(descriptor, setPipeSize, 1 << 20)
}
