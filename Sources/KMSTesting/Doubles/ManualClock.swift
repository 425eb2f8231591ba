package import KeyManagement
internal import Synchronization

/// A clock that stands still until a test advances it.
package final class ManualClock: WallClock {
    private let time: Mutex<Timestamp>

    /// Creates a clock at 2026-01-01T00:00:00Z by default.
    package init(_ start: Timestamp = Timestamp(milliseconds: 1_767_225_600_000)) {
        time = Mutex(start)
    }

    package var now: Timestamp { time.withLock { $0 } }

    package func advance(by duration: Duration) {
        let milliseconds = duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
        time.withLock { $0 = Timestamp(milliseconds: $0.milliseconds + milliseconds) }
    }

    package func set(_ moment: Timestamp) {
        time.withLock { $0 = moment }
    }
}
