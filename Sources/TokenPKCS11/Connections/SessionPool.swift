internal import PKCS11
internal import Synchronization

/// A pool of open, idle sessions of one login. A session is opened if none is idle, returned after use, and dropped if it turns
/// out to be dead.
///
/// The pool never waits. A thread that hangs in the module keeps its session, and the next caller gets another one.
final class SessionPool: Sendable {
    private let slot: Slot
    private let scope: SessionScope
    private let idle = Mutex<[OwnedSession]>([])
    private let isLoggedIn: @Sendable () -> Bool

    /// - Parameters:
    ///   - slot: the slot of the token.
    ///   - scope: the group of sessions that ends with the login.
    ///   - isLoggedIn: returns true if the login of the sessions is known to be valid.
    init(slot: Slot, scope: SessionScope, isLoggedIn: @escaping @Sendable () -> Bool) {
        self.slot = slot
        self.scope = scope
        self.isLoggedIn = isLoggedIn
    }

    /// Runs calls on a session, and once more on a new session if the first one failed and the login is still valid.
    func withSession<Result>(
        _ body: (OwnedSession) throws(PKCS11Error) -> Result
    ) throws(PKCS11Error) -> Result {
        do throws(PKCS11Error) {
            return try use(try take(), body)
        } catch {
            guard error.isWorthASecondTry, isLoggedIn() else { throw error }
            return try use(try open(), body)
        }
    }

    private func take() throws(PKCS11Error) -> OwnedSession {
        if let owned = idle.withLock({ $0.popLast() }) { return owned }
        return try open()
    }

    private func open() throws(PKCS11Error) -> OwnedSession { try OwnedSession(slot: slot, scope: scope) }

    private func use<Result>(
        _ owned: OwnedSession, _ body: (OwnedSession) throws(PKCS11Error) -> Result
    ) throws(PKCS11Error) -> Result {
        do throws(PKCS11Error) {
            let result = try body(owned)
            idle.withLock { $0.append(owned) }
            return result
        } catch {
            if error.meansSessionIsGone {
                // Nothing is closed in a scope that has ended.
                if !owned.session.isOver { owned.leak() }
            } else if !error.endsSession {
                idle.withLock { $0.append(owned) }
            }
            throw error
        }
    }
}
