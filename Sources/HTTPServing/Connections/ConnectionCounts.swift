import KeyManagement
import Logging
import Synchronization

/// Counts the open connections of each source: an IPv4 address, or the /64 of an IPv6 address. A connection counts from when it is
/// accepted, so that one source cannot use up all connections without sending a request.
final class ConnectionCounts: Sendable {
    private let limit: Int
    private let counts = Mutex<[FailedAttempts.SourceNetwork: Int]>([:])
    private let lines: LineBudget
    private let logger: Logger

    /// Limits each source.
    ///
    /// - Parameters:
    ///   - limit: the most open connections of a source, at least 1.
    ///   - logger: the log for sources that reach the limit.
    init(limit: Int, logger: Logger) {
        self.limit = limit
        self.logger = logger
        lines = LineBudget(burst: 1)
    }

    /// Counts a connection; returns false if its source has reached the limit.
    ///
    /// - Parameters:
    ///   - place: the source's bucket; nil is not limited.
    ///   - source: the source's address, for the log.
    func enter(_ place: FailedAttempts.SourceNetwork?, source: String?) -> Bool {
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

    /// Ends the counting of a connection.
    func leave(_ place: FailedAttempts.SourceNetwork?) {
        guard let place else { return }
        counts.withLock { counts in
            let count = counts[place, default: 0]
            // Sources without connections are not remembered.
            counts[place] = count > 1 ? count - 1 : nil
        }
    }
}

/// The error of a connection that was closed because its source has reached the limit.
struct ConnectionRefused: Error {}
