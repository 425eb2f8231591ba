/// A point in time of a clock that is never set back (`CLOCK_MONOTONIC`), in nanoseconds.
///
/// For what every request goes through: an instant of `ContinuousClock` has a layout that is known at run time only, and costs as much
/// to be copied as an object. For everything else there is that one.
public struct MonotonicTime: Hashable, Comparable, Sendable {
    public let nanoseconds: Int64

    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    public static var now: MonotonicTime { MonotonicTime(nanoseconds: Clocks.monotonic) }

    @inlinable
    public static func < (lhs: MonotonicTime, rhs: MonotonicTime) -> Bool { lhs.nanoseconds < rhs.nanoseconds }

    /// The time after, or before, so many whole nanoseconds.
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
    /// Rounded down; of what is longer than 292 years, that much.
    public var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (scaled, isLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !isLong else { return seconds < 0 ? .min / 2 : .max / 2 }
        return scaled + attoseconds / 1_000_000_000
    }
}
