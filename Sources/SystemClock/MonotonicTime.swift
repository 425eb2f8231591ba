/// A point in time of a clock that is never set back (`CLOCK_MONOTONIC`), in nanoseconds.
///
/// It is for code that every request runs. The layout of `ContinuousClock.Instant` is known only at run time, so copying one costs as much
/// as copying an object. Use that type everywhere else.
public struct MonotonicTime: Hashable, Comparable, Sendable {
    public let nanoseconds: Int64

    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    public static var now: MonotonicTime { MonotonicTime(nanoseconds: Clocks.monotonic) }

    @inlinable
    public static func < (lhs: MonotonicTime, rhs: MonotonicTime) -> Bool { lhs.nanoseconds < rhs.nanoseconds }

    /// Returns the time after, or before, a number of whole nanoseconds.
    public static func + (time: MonotonicTime, duration: Duration) -> MonotonicTime {
        MonotonicTime(nanoseconds: time.nanoseconds + duration.wholeNanoseconds)
    }

    public static func - (time: MonotonicTime, duration: Duration) -> MonotonicTime {
        MonotonicTime(nanoseconds: time.nanoseconds - duration.wholeNanoseconds)
    }

    public static func - (lhs: MonotonicTime, rhs: MonotonicTime) -> Duration {
        .nanoseconds(lhs.nanoseconds - rhs.nanoseconds)
    }
}

extension Duration {
    /// The duration in whole nanoseconds, truncated toward zero. From about 292 years on, it is half of the largest or smallest `Int64`.
    public var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (scaled, isLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !isLong else { return seconds < 0 ? .min / 2 : .max / 2 }
        return scaled + attoseconds / 1_000_000_000
    }
}
