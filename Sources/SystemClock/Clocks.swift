internal import Glibc

/// Reads the machine's clocks without any overhead.
package enum Clocks {
    /// Nanoseconds of a clock that is never set back (`CLOCK_MONOTONIC`).
    package static var monotonic: Int64 { read(CLOCK_MONOTONIC) }

    /// Nanoseconds since 1970-01-01T00:00:00Z, without leap seconds (`CLOCK_REALTIME`).
    package static var realTime: Int64 { read(CLOCK_REALTIME) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
