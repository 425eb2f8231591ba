#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// How far it is, on standard error, if somebody looks at it. What is quick shows nothing.
struct ProgressBar {
    private let isShown: Bool
    private let label: String
    private let started = ContinuousClock.now
    /// What is shown: percent, or MiB.
    private var shown: UInt64?
    private var lastShown: ContinuousClock.Instant?

    /// - Parameter label: what is being done; goes before the bar.
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

    /// For what nobody knows the end of: how many MiB are done.
    mutating func show(_ done: UInt64) {
        let now = ContinuousClock.now
        // Ten times a second is more than anybody reads.
        guard isShown, now - started > .milliseconds(500), now - (lastShown ?? started) > .milliseconds(100) else {
            return
        }
        let mebibytes = done >> 20
        guard mebibytes != shown else { return }
        shown = mebibytes
        lastShown = now
        StandardError.write("\r\(label)\(mebibytes) MiB")
    }

    /// Leaves the line as it was.
    mutating func finish() {
        guard isShown, shown != nil else { return }
        shown = nil
        StandardError.write("\r\u{1B}[K")
    }
}
