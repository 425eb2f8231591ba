import Glibc

/// A progress bar on standard error, if that is a terminal. Nothing is shown in the first half second.
struct ProgressBar {
    private let isShown: Bool
    private let label: String
    private let started = ContinuousClock.now
    /// The value shown last: percent, or MiB.
    private var shown: UInt64?
    private var lastShown: ContinuousClock.Instant?

    /// Starts the clock.
    ///
    /// - Parameter label: a text in front of the bar.
    init(_ label: String = "", isQuiet: Bool = false) {
        isShown = !isQuiet && isatty(STDERR_FILENO) == 1
        self.label = label.isEmpty ? "" : label + " "
    }

    mutating func show(_ done: UInt64, of total: UInt64) {
        guard isShown, total > 0, ContinuousClock.now - started > .milliseconds(500) else { return }
        let percent = min(100, done / max(1, total / 100))
        guard percent != shown else { return }
        shown = percent
        let bar = String(repeating: "#", count: Int(percent / 5))
        let room = String(repeating: ".", count: 20 - Int(percent / 5))
        StandardError.write("\r\(label)[\(bar)\(room)] \(percent) %" + (percent == 100 ? "\r\u{1B}[K" : ""))
    }

    /// Shows the MiB done, if the total is unknown.
    mutating func show(_ done: UInt64) {
        let now = ContinuousClock.now
        // At most ten updates a second.
        guard isShown, now - started > .milliseconds(500), now - (lastShown ?? started) > .milliseconds(100) else {
            return
        }
        let mebibytes = done >> 20
        guard mebibytes != shown else { return }
        shown = mebibytes
        lastShown = now
        StandardError.write("\r\(label)\(mebibytes) MiB")
    }

    /// Clears the progress line.
    mutating func finish() {
        guard isShown, shown != nil else { return }
        shown = nil
        StandardError.write("\r\u{1B}[K")
    }
}
