import KeyManagement
import Logging
import Synchronization

/// How many connections each source has open: an address of IPv4, or the /64 of one of IPv6. Counted when a connection is accepted, so
/// that one source cannot take the places of all others without as much as a request.
final class ConnectionCounts: Sendable {
    private let limit: Int
    private let counts = Mutex<[FailedAttempts.Place: Int]>([:])
    private let lines: LineBudget
    private let logger: Logger

    /// - Parameter limit: how many connections a source may have open, at least 1.
    init(limit: Int, logger: Logger) {
        self.limit = limit
        self.logger = logger
        lines = LineBudget(burst: 1)
    }

    /// Counts a connection, or returns false when its source has as many as it may have.
    ///
    /// - Parameter place: nil is not limited.
    func enter(_ place: FailedAttempts.Place?, source: String?) -> Bool {
        guard let place else { return true }
        let isAccepted = counts.withLock { counts in
            let count = counts[place, default: 0]
            guard count < limit else { return false }
            counts[place] = count + 1
            return true
        }
        if !isAccepted, let untold = lines.take(at: place) {
            logger.warning(
                "a source has as many connections as it may have; further ones are closed at once",
                metadata: ["source": "\(source ?? "-")", "limit": "\(limit)", "before": "\(untold)"])
        }
        return isAccepted
    }

    /// A connection that was counted has ended.
    func leave(_ place: FailedAttempts.Place?) {
        guard let place else { return }
        counts.withLock { counts in
            let count = counts[place, default: 0]
            // Sources without connections are not remembered.
            counts[place] = count > 1 ? count - 1 : nil
        }
    }
}

/// A connection was closed because its source has as many as it may have.
struct ConnectionRefused: Error {}
