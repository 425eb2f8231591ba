internal import ThreadExecutor

/// The state of the connection to the token, and the next step to restore it.
///
/// This is a plain state machine: it takes events and exposes the state. It performs no I/O and reads no clock.
struct TokenConnectionState<Connection: AnyObject>: Sendable where Connection: Sendable {
    enum Condition: Sendable {
        case up(Connection)
        /// Lost; the next attempt is due at the given time.
        case down(reason: String, nextAttempt: ContinuousClock.Instant)
        /// Lost for good, for example after a refused PIN. An operator must correct the cause and restart the service.
        case ended(reason: String)
        case closed
    }

    private(set) var condition: Condition
    /// The connection that may be lost, because a caller saw a failure on it.
    private(set) var suspect: Connection?
    private var backoff = Backoff()

    init(_ connection: Connection) {
        condition = .up(connection)
    }

    /// The number of attempts since the token was lost.
    var attempts: Int { backoff.attempts }

    /// Records a failure on a connection. Returns true if the failure is news.
    mutating func suspect(_ connection: Connection) -> Bool {
        guard case .up(let current) = condition, current === connection, suspect == nil else { return false }
        suspect = connection
        return true
    }

    /// Records that the connection was checked and works.
    mutating func clear() { suspect = nil }

    /// Records that the connection is lost.
    mutating func lose(_ connection: Connection, reason: String, at now: ContinuousClock.Instant) {
        suspect = nil
        guard case .up(let current) = condition, current === connection else { return }
        backoff = Backoff()
        condition = .down(reason: reason, nextAttempt: now)
    }

    /// Records that an attempt failed.
    mutating func fail(_ reason: String, isFinal: Bool, at now: ContinuousClock.Instant) {
        guard case .down = condition else { return }
        condition = isFinal ? .ended(reason: reason) : .down(reason: reason, nextAttempt: now + backoff.next())
    }

    /// Records that an attempt succeeded. Returns false if the connection is no longer wanted.
    mutating func succeed(_ connection: Connection) -> Bool {
        guard case .down = condition else { return false }
        condition = .up(connection)
        return true
    }

    mutating func close() {
        suspect = nil
        condition = .closed
    }
}
