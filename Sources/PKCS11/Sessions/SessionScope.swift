internal import Synchronization

/// Sessions that end together: everything that was opened under one login.
///
/// When a token was lost, its sessions and the handles that were found or made in them are dead, and their numbers may mean
/// something else once it is back. After ``end()`` none of them reaches the module any more, whoever still holds it.
public final class SessionScope: Sendable {
    private let over = Atomic(false)

    public init() {}

    /// Whether ``end()`` was called.
    public var isOver: Bool { over.load(ordering: .sequentiallyConsistent) }

    /// From now on each call through a session of this scope throws `CKR_SESSION_CLOSED` without entering the module, and
    /// letting go of one closes nothing. A call that is in the module already comes back as it will.
    public func end() { over.store(true, ordering: .sequentiallyConsistent) }
}
