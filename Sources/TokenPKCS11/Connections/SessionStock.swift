internal import PKCS11
internal import Synchronization

/// Sessions of one login that are open and idle, for whoever needs one: opened when there is none, put back after use, let go of when
/// they turn out to be dead.
///
/// It never waits: whoever hangs in the module keeps the session that he took, and the next one gets another.
final class SessionStock: Sendable {
    private let slot: Slot
    private let scope: SessionScope
    private let idle = Mutex<[OwnedSession]>([])
    private let isLoggedIn: @Sendable () -> Bool

    /// - Parameter isLoggedIn: whether the login under which the sessions are is known to stand.
    init(slot: Slot, scope: SessionScope, isLoggedIn: @escaping @Sendable () -> Bool) {
        self.slot = slot
        self.scope = scope
        self.isLoggedIn = isLoggedIn
    }

    /// Runs calls on a session; on a new one once more, when the first is what failed and the login still stands.
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
                // Of a scope that is over nothing is closed anyway.
                if !owned.session.isOver { owned.leak() }
            } else if !error.endsSession {
                idle.withLock { $0.append(owned) }
            }
            throw error
        }
    }
}
