import Caching
import KeyManagement
import Synchronization

/// Limits how often an address gets the answer that its credential is wrong or missing: `burst` times at once, then once in three seconds.
/// A valid credential costs nothing.
///
/// Only the 10,000 addresses that failed last are remembered. An IPv6 address counts as its /64, because one client has all addresses of it
/// (RFC 6177 §2).
package final class FailedAttempts: Sendable {
    private let filling: TokenBucket.Filling
    private let now: @Sendable () -> ContinuousClock.Instant
    private let buckets: Mutex<LeastRecentlyUsed<SourceNetwork, TokenBucket>>

    /// The unit that counts as one client: an IPv4 address, or the /64 of an IPv6 address. Determined once per connection.
    package struct SourceNetwork: Hashable, Sendable {
        private let text: String

        /// Returns nil if there is no address.
        init?(_ source: String?) {
            guard let source else { return nil }
            guard let address = IPAddress(source) else {
                text = source
                return
            }
            text = address.bitCount == 128 ? "\(address.masked(to: 64))" : "\(address)"
        }
    }

    /// Starts without any failure.
    ///
    /// - Parameters:
    ///   - burst: the number of failures that are answered as such at once.
    ///   - capacity: the maximum number of sources that are remembered.
    ///   - now: a monotonic clock.
    init(burst: Int = 20, capacity: Int = 10_000, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        filling = TokenBucket.Filling(capacity: Double(burst), tokens: 1, everySeconds: 3)
        self.now = now
        buckets = Mutex(LeastRecentlyUsed(capacity: capacity))
    }

    /// Returns the time until the place has an attempt again; nil if it has one.
    ///
    /// - Parameter place: the source; nil is not limited.
    package func wait(at place: SourceNetwork?) -> Duration? {
        guard let place else { return nil }
        let moment = now()
        return buckets.withLock { buckets in
            guard var bucket = buckets.use(place) else { return nil }
            return bucket.timeToNext(filling, at: moment)
        }
    }

    /// Counts a failed authentication of the place.
    package func note(at place: SourceNetwork?) {
        guard let place else { return }
        let moment = now()
        buckets.withLock { buckets in
            var bucket = buckets.use(place) ?? TokenBucket(filling, at: moment)
            _ = bucket.timeToNext(filling, at: moment)
            // Attempts that were in flight when the last one was used up do not count further.
            bucket.takeAtMostOne()
            buckets.insert(bucket, for: place)
        }
    }
}
