import Glibc
import ThreadExecutor

/// A bounded queue of log lines, with one thread of its own that writes them to a descriptor.
///
/// Adding a line never blocks, however slowly the descriptor is read. If the queue is full, lines are dropped and counted. One line with
/// their number takes their place, and is written once the descriptor is read again. Lines that cannot be written, because the reader is
/// gone or the disk is full, are counted in the same way.
final class LogQueue: Sendable {
    private enum Entry {
        case line([UInt8])
        /// The number of lines that were dropped here.
        case gap(Int)
    }

    private struct State {
        var entries: [Entry] = []
        /// The bytes of all lines that are not written yet, those that the thread has taken included.
        var bytes = 0
        /// The number of dropped lines that no line has reported yet.
        var lost = 0
        var isWriting = false
    }

    /// The bytes that a line counts in addition to its own.
    static let overhead = 64
    /// The longest time that the process waits at its end for lines to be written.
    static let patience = Duration.seconds(2)

    private let state = Monitor(State())
    private let limit: Int
    private let write: @Sendable ([UInt8]) -> Bool
    private let lossLine: @Sendable (_ count: Int) -> [UInt8]

    /// Starts the thread, which never ends.
    ///
    /// - Parameters:
    ///   - limit: the most bytes that may wait, each line counted with ``overhead``.
    ///   - lossLine: returns the line that reports the number of lost lines.
    ///   - write: writes a line, may block, and returns true if it was written.
    init(
        limit: Int, lossLine: @escaping @Sendable (_ count: Int) -> [UInt8],
        write: @escaping @Sendable ([UInt8]) -> Bool
    ) {
        self.limit = limit
        self.lossLine = lossLine
        self.write = write
        NamedThread.start("log") { [self] in writeLines() }
    }

    /// Adds a line, or counts it as lost if the queue is full.
    func add(_ line: [UInt8]) {
        let mustWake = state.withLock { state in
            let size = line.count + Self.overhead
            if state.bytes + size <= limit {
                state.entries.append(.line(line))
                state.bytes += size
            } else {
                state.lost += 1
                if case .gap(let count) = state.entries.last {
                    state.entries[state.entries.count - 1] = .gap(count + 1)
                } else {
                    state.entries.append(.gap(1))
                }
            }
            return !state.isWriting
        }
        if mustWake { state.wakeAll() }
    }

    /// The number of lost lines that no line has reported yet; 0 if the log is complete.
    var lost: Int { state.withLock { $0.lost } }

    /// Waits until everything is written, for `timeout` at most.
    ///
    /// - Returns: true if everything is written.
    @discardableResult
    func flush(within timeout: Duration = patience) async -> Bool {
        await onOwnThread("log-flush") { [state] in
            state.wait(atMost: timeout) { $0.entries.isEmpty && !$0.isWriting ? true : nil } ?? false
        }
    }

    private func writeLines() {
        var untold = 0
        while true {
            let entries = state.wait { state -> [Entry]? in
                if state.entries.isEmpty { return nil }
                state.isWriting = true
                defer { state.entries = [] }
                return state.entries
            }
            for entry in entries {
                switch entry {
                case .gap(let count): untold += count
                case .line(let line):
                    tell(&untold)
                    let isWritten = untold == 0 && write(line)
                    if !isWritten { untold += 1 }
                    state.withLock { state in
                        state.bytes -= line.count + Self.overhead
                        if !isWritten { state.lost += 1 }
                    }
                }
            }
            tell(&untold)
            state.withLock { $0.isWriting = false }
            // Wakes callers that wait for the queue to be empty.
            state.wakeAll()
        }
    }

    /// Writes the number of lost lines, if there are any.
    private func tell(_ untold: inout Int) {
        guard untold > 0, write(lossLine(untold)) else { return }
        let count = untold
        untold = 0
        state.withLock { $0.lost -= count }
    }
}
