import Caching
import KeyManagement
import Synchronization

/// Limits the log lines of a source without a credential: `burst` at once, then one in three seconds. Further ones are counted, and the
/// next line carries their number.
///
/// Only the 10,000 sources that logged last are remembered.
final class LineBudget: Sendable {
    private struct Bucket {
        var lines: TokenBucket
        /// The number of lines that were suppressed since the last one that was written.
        var untold = 0
    }

    private let filling: TokenBucket.Filling
    private let now: @Sendable () -> ContinuousClock.Instant
    private let buckets: Mutex<LeastRecentlyUsed<FailedAttempts.SourceNetwork, Bucket>>

    /// Starts with a full budget for every source.
    ///
    /// - Parameters:
    ///   - burst: the number of lines that are written at once.
    ///   - capacity: the maximum number of sources that are remembered.
    ///   - now: a monotonic clock.
    init(burst: Int, capacity: Int = 10_000, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        filling = TokenBucket.Filling(capacity: Double(burst), tokens: 1, everySeconds: 3)
        self.now = now
        buckets = Mutex(LeastRecentlyUsed(capacity: capacity))
    }

    /// Takes a line of the source's budget.
    ///
    /// - Parameter place: the source; nil is not limited.
    /// - Returns: the number of its lines that were suppressed before this one; nil if this one is to be suppressed too.
    func take(at place: FailedAttempts.SourceNetwork?) -> Int? {
        guard let place else { return 0 }
        let moment = now()
        return buckets.withLock { buckets in
            var bucket = buckets.use(place) ?? Bucket(lines: TokenBucket(filling, at: moment))
            let untold: Int?
            if bucket.lines.timeToNext(filling, at: moment) == nil {
                untold = bucket.untold
                bucket.lines.take(1)
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
