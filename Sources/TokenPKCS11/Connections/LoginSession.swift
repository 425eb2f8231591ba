internal import PKCS11
internal import Synchronization

/// The one session that must stay open, because a token drops the login and all session objects of a process with its last
/// session. The session only reports its state and runs no operations, so no caller waits behind a call that hangs in it.
final class LoginSession: Sendable {
    private let session: Mutex<OwnedSession>

    /// - Parameter session: logged in.
    init(_ session: OwnedSession) {
        self.session = Mutex(session)
    }

    /// Returns true if the user is logged in; `nil` if another caller is asking at the same time.
    func state() throws(PKCS11Error) -> Bool? {
        try session.withLockIfAvailable { (owned) throws(PKCS11Error) in
            try owned.session.info().state.isUserLoggedIn
        }
    }

    /// Returns true if the user is known to be logged in; `nil` if another caller is asking at the same time.
    func isLoggedIn() -> Bool? {
        do throws(PKCS11Error) {
            return try state()
        } catch {
            return false
        }
    }
}
