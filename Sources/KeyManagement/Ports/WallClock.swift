internal import SystemClock

/// The source of the time of day, for records. Deadlines use a monotonic clock, not this one.
public protocol WallClock: Sendable {
    var now: Timestamp { get }
}

/// The machine's clock, in UTC.
public struct SystemWallClock: WallClock {
    public init() {}

    public var now: Timestamp {
        Timestamp(milliseconds: Clocks.realTime / 1_000_000)
    }
}
