import KeyManagement
import Synchronization

/// How many lines a source leaves in the log without a credential: so many at once, then one in three seconds. What it does beyond that
/// is counted, and its next line has the number.
///
/// Only the 10,000 sources that left lines last are remembered.
final class LineBudget: Sendable {
    private struct Bucket {
        var lines: Double
        var at: ContinuousClock.Instant
        /// Lines that were not written since the last one that was.
        var untold = 0
    }

    private static let interval = Duration.seconds(3)

    private let burst: Int
    private let now: @Sendable () -> ContinuousClock.Instant
    private let buckets: Mutex<LeastRecentlyUsed<FailedAttempts.Place, Bucket>>

    /// - Parameter burst: how many lines are written at once.
    init(burst: Int, capacity: Int = 10_000, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        self.burst = burst
        self.now = now
        buckets = Mutex(LeastRecentlyUsed(capacity: capacity))
    }

    /// Takes a line of the source's budget.
    ///
    /// - Parameter place: nil is not limited.
    /// - Returns: how many of its lines were not written before this one; nil when this one is not to be written either.
    func take(at place: FailedAttempts.Place?) -> Int? {
        guard let place else { return 0 }
        let moment = now()
        return buckets.withLock { buckets in
            var bucket = buckets.use(place) ?? Bucket(lines: Double(burst), at: moment)
            bucket.lines = min(Double(burst), bucket.lines + max(0, (moment - bucket.at) / Self.interval))
            bucket.at = moment
            let untold: Int?
            if bucket.lines >= 1 {
                untold = bucket.untold
                bucket.lines -= 1
                bucket.untold = 0
            } else {
                untold = nil
                bucket.untold += 1
            }
            buckets.insert(bucket, for: place)
            return untold
        }
    }
}
