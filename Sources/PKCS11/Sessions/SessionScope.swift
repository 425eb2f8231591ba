internal import Synchronization

/// A group of sessions that end together: all that were opened under one login.
///
/// After a token was lost, its sessions and the handles found or made in them are dead. Their numbers may mean something else
/// when it returns. After ``end()`` none of them reaches the module, even if code still holds them.
public final class SessionScope: Sendable {
    private let over = Atomic(false)

    public init() {}

    /// True if ``end()`` was called.
    public var isOver: Bool { over.load(ordering: .sequentiallyConsistent) }

    /// Ends the scope. Afterwards each call through a session of it throws `CKR_SESSION_CLOSED` without entering the module, and
    /// releasing a session closes nothing. Calls that are already in the module are not interrupted.
    public func end() { over.store(true, ordering: .sequentiallyConsistent) }
}
