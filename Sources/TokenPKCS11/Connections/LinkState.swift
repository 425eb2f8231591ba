internal import ThreadExecutor

/// Whether the token can be used, and what is done about it if not.
///
/// A plain machine: events go in, what it is now is read off it. It does nothing by itself and reads no clock.
struct LinkState<Connection: AnyObject>: Sendable where Connection: Sendable {
    enum Condition: Sendable {
        case up(Connection)
        /// Lost, and tried again at a time.
        case down(reason: String, nextAttempt: ContinuousClock.Instant)
        /// Not tried again: a PIN that was refused, say. Somebody has to do something and start the service anew.
        case ended(reason: String)
        case closed
    }

    private(set) var condition: Condition
    /// Somebody saw a failure that may mean that this connection is lost.
    private(set) var suspect: Connection?
    private var backoff = Backoff()

    init(_ connection: Connection) {
        condition = .up(connection)
    }

    /// How often it was tried since the token was lost.
    var attempts: Int { backoff.attempts }

    /// A failure was seen on a connection. Answers whether that is news.
    mutating func suspect(_ connection: Connection) -> Bool {
        guard case .up(let current) = condition, current === connection, suspect == nil else { return false }
        suspect = connection
        return true
    }

    /// The connection was looked at, and works.
    mutating func clear() { suspect = nil }

    /// The connection is lost.
    mutating func lose(_ connection: Connection, reason: String, at now: ContinuousClock.Instant) {
        suspect = nil
        guard case .up(let current) = condition, current === connection else { return }
        backoff = Backoff()
        condition = .down(reason: reason, nextAttempt: now)
    }

    /// An attempt failed.
    mutating func fail(_ reason: String, isFinal: Bool, at now: ContinuousClock.Instant) {
        guard case .down = condition else { return }
        condition = isFinal ? .ended(reason: reason) : .down(reason: reason, nextAttempt: now + backoff.next())
    }

    /// An attempt succeeded. Answers false when nobody wants the connection any more.
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
