import KeyManagement
import Synchronization

/// How often an address may show a wrong credential, or none, and be told so: so many times at once, then once in three seconds. A good
/// credential costs nothing.
///
/// Only the 10,000 addresses that failed last are remembered. An address of IPv6 counts as its /64, of which one client has
/// all addresses (RFC 6177 §2).
final class FailedAttempts: Sendable {
    private struct Bucket {
        var attempts: Double
        var at: ContinuousClock.Instant
    }

    private static let interval = Duration.seconds(3)

    private let burst: Int
    private let now: @Sendable () -> ContinuousClock.Instant
    private let buckets: Mutex<LeastRecentlyUsed<Place, Bucket>>

    /// What counts as one client: an address of IPv4, the /64 of one of IPv6. Found out once for each connection.
    struct Place: Hashable, Sendable {
        private let text: String

        /// Nil where there is no address.
        init?(_ source: String?) {
            guard let source else { return nil }
            guard let address = IPAddress(source) else {
                text = source
                return
            }
            text = address.bitCount == 128 ? "\(address.masked(to: 64))" : "\(address)"
        }
    }

    /// - Parameter burst: how many failures are told at once.
    init(burst: Int = 20, capacity: Int = 10_000, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        self.burst = burst
        self.now = now
        buckets = Mutex(LeastRecentlyUsed(capacity: capacity))
    }

    /// How long until the place has an attempt again; nil when it has one.
    ///
    /// - Parameter place: nil is not limited.
    func wait(at place: Place?) -> Duration? {
        guard let place else { return nil }
        let moment = now()
        return buckets.withLock { buckets in
            guard let bucket = buckets.use(place) else { return nil }
            let attempts = attempts(of: bucket, at: moment)
            return attempts >= 1 ? nil : Self.interval * (1 - attempts)
        }
    }

    /// Somebody at the place was not authenticated.
    func note(at place: Place?) {
        guard let place else { return }
        let moment = now()
        buckets.withLock { buckets in
            let left = buckets.use(place).map { attempts(of: $0, at: moment) } ?? Double(burst)
            // Those that were on their way when the last one was used up are not held against it.
            buckets.insert(Bucket(attempts: max(0, left - 1), at: moment), for: place)
        }
    }

    private func attempts(of bucket: Bucket, at moment: ContinuousClock.Instant) -> Double {
        min(Double(burst), bucket.attempts + max(0, (moment - bucket.at) / Self.interval))
    }
}
