import FoundationEssentials
import Glibc
import Logging
import Synchronization

/// Writes all bytes, repeating partial writes. Returns 0, or the `errno` of the failed call.
private func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    var rest = bytes
    while !rest.isEmpty {
        let written = write(descriptor, rest.baseAddress, rest.count)
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { return errno }
        rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
    return 0
}

/// The answers of commands. The service writes nothing to it.
enum StandardOutput {
    static func write(_ text: String) throws {
        var text = text
        try text.withUTF8 { try write(UnsafeRawBufferPointer($0)) }
    }

    /// Writes to standard output.
    ///
    /// - Throws: a ``Failure`` if the reader is gone or the disk is full, because undelivered data is not a success.
    static func write(_ bytes: UnsafeRawBufferPointer) throws {
        let code = writeAll(bytes, to: STDOUT_FILENO)
        guard code == 0 else { throw Failure(.other, "standard output cannot be written: \(SystemCause.text(code))") }
    }

    /// Writes the data of a command, such as a plaintext.
    ///
    /// - Throws: a ``Failure`` if it is binary and standard output is a terminal, which binary data would garble.
    static func writeData(_ bytes: UnsafeRawBufferPointer) throws {
        guard isatty(STDOUT_FILENO) == 0 || DisplayText.isPrintable(bytes) else {
            throw Failure(.input, "the output is binary and is not written to a terminal: use --out FILE or a pipe")
        }
        try write(bytes)
    }
}

/// The log, and the failures of commands.
///
/// A command writes at once and waits for its reader. In a serving process, everything goes through a ``LogQueue``, so that a reader that
/// stalls delays no request.
enum StandardError {
    private static let queue = Mutex<LogQueue?>(nil)

    /// Sends everything through a queue from now on. A serving process calls this once.
    ///
    /// - Parameters:
    ///   - limit: the most bytes that may wait.
    ///   - format: the format of the line that reports lost lines.
    static func startQueue(limit: Int, _ format: Configuration.LogFormat) {
        // If the reader is gone, the log is lost, but the process continues.
        signal(SIGPIPE, SIG_IGN)
        let new = LogQueue(limit: limit) { count in
            LineLogHandler.line(
                format, .warning, "log lines were lost, because standard error could not be written",
                [(name: "lines", value: String(count))])
        } write: { line in
            line.withUnsafeBytes { writeAll($0, to: STDERR_FILENO) == 0 }
        }
        queue.withLock { $0 = new }
    }

    static var isQueued: Bool { queue.withLock { $0 != nil } }

    /// The number of lost lines that no line has reported yet.
    static var lostLines: Int { queue.withLock { $0 }?.lost ?? 0 }

    /// Waits until everything is written, for two seconds at most.
    static func flush() async { await queue.withLock { $0 }?.flush() }

    static func write(_ bytes: [UInt8]) {
        if let queue = queue.withLock({ $0 }) { return queue.add(bytes) }
        bytes.withUnsafeBytes { _ = writeAll($0, to: STDERR_FILENO) }
    }

    static func write(_ text: String) { write(Array(text.utf8)) }
}
