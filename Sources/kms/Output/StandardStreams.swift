import FoundationEssentials
import Logging
import Synchronization

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

/// The answers of commands. The service writes nothing here.
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

/// The log, and the failures of commands.
///
/// A command writes at once and waits for its reader. In a process that serves, everything goes through a ``LogQueue``, so that a reader
/// who stops reading stops no request.
enum StandardError {
    private static let queue = Mutex<LogQueue?>(nil)

    /// Has everything go through a queue from now on. To be called once, by a process that serves.
    ///
    /// - Parameters:
    ///   - limit: how many bytes may wait.
    ///   - format: of the line that tells how many lines were lost.
    static func startQueue(limit: Int, _ format: Configuration.LogFormat) {
        // A reader that is gone costs the log, not the process.
        signal(SIGPIPE, SIG_IGN)
        let new = LogQueue(limit: limit) { count in
            LineLogHandler.line(
                format, .warning, "log lines were lost, because standard error could not be written",
                [(name: "lines", value: String(count))])
        } write: { line in
            line.withUnsafeBytes { writeAll($0, to: STDERR_FILENO) }
        }
        queue.withLock { $0 = new }
    }

    static var isQueued: Bool { queue.withLock { $0 != nil } }

    /// The number of lines that were lost and of which no line tells yet.
    static var lostLines: Int { queue.withLock { $0 }?.lost ?? 0 }

    /// Waits until everything is written, two seconds at most.
    static func flush() async { await queue.withLock { $0 }?.flush() }

    static func write(_ bytes: [UInt8]) {
        if let queue = queue.withLock({ $0 }) { return queue.add(bytes) }
        bytes.withUnsafeBytes { _ = writeAll($0, to: STDERR_FILENO) }
    }

    static func write(_ text: String) { write(Array(text.utf8)) }
}
