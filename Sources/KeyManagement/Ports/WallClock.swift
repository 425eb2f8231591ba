internal import SystemClock

/// The source of the time of day, for records. Deadlines use a monotonic clock, not this one.
package protocol WallClock: Sendable {
    var now: Timestamp { get }
}

/// The machine's clock, in UTC.
package struct SystemWallClock: WallClock {
    package init() {}

    package var now: Timestamp {
        Timestamp(milliseconds: Clocks.realTime / 1_000_000)
    }
}
