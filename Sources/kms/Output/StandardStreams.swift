import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Writes whole, however often the system takes a part only.
private func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
        let written = write(descriptor, rest.baseAddress, rest.count)
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { return false }
        rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
    return true
}

enum StandardOutput {
    static func write(_ text: String) throws {
        var text = text
        try text.withUTF8 { try write(UnsafeRawBufferPointer($0)) }
    }

    /// - Throws: when nobody reads any more, or the disk is full: data that did not arrive is no success.
    static func write(_ bytes: UnsafeRawBufferPointer) throws {
        guard writeAll(bytes, to: STDOUT_FILENO) else {
            throw Failure(.other, "standard output cannot be written: \(String(cString: strerror(errno)))")
        }
    }
}

enum StandardError {
    static func write(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { _ = writeAll($0, to: STDERR_FILENO) }
    }

    static func write(_ text: String) {
        var text = text
        text.withUTF8 { _ = writeAll(UnsafeRawBufferPointer($0), to: STDERR_FILENO) }
    }
}
