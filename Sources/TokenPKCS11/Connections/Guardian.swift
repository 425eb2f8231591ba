internal import PKCS11
internal import Synchronization

/// Keeps the one session that must not close, because a token drops the login and all session objects of a process with its last
/// session. It is asked for its state, and works on nothing: so nobody waits for it behind a call that hangs.
final class Guardian: Sendable {
    private let session: Mutex<OwnedSession>

    /// - Parameter session: logged in.
    init(_ session: OwnedSession) {
        self.session = Mutex(session)
    }

    /// Whether the user is logged in; nil when somebody else is asking just now.
    func state() throws(PKCS11Error) -> Bool? {
        try session.withLockIfAvailable { (owned) throws(PKCS11Error) in
            try owned.session.info().state.isUserLoggedIn
        }
    }

    /// Whether the login is known to stand; nil when somebody else is asking just now.
    func isLoggedIn() -> Bool? {
        do throws(PKCS11Error) {
            return try state()
        } catch {
            return false
        }
    }
}
