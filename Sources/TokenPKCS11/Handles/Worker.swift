internal import PKCS11

/// What one thread of the pool works with: a session of its own, opened when it is first needed.
struct Worker {
    private let slot: Slot
    private var session: OwnedSession?

    init(slot: Slot) {
        self.slot = slot
    }

    /// Runs calls on the session. A session that turns out to be dead is let go of; the next work opens another.
    mutating func withSession<Result>(
        _ body: (borrowing Session) throws(PKCS11Error) -> Result
    ) throws(PKCS11Error) -> Result {
        let session = try open()
        do throws(PKCS11Error) {
            return try body(session.session)
        } catch {
            if error.endsSession {
                if error.meansSessionIsGone { session.leak() }
                self.session = nil
            }
            throw error
        }
    }

    private mutating func open() throws(PKCS11Error) -> OwnedSession {
        if let session { return session }
        let opened = try OwnedSession(slot: slot)
        session = opened
        return opened
    }
}

/// A session with one owner, who is on one thread.
final class OwnedSession {
    let session: Session

    init(slot: Slot) throws(PKCS11Error) {
        session = try slot.openSession(.readOnly)
    }

    /// Keeps a session that the token has forgotten from being closed when it goes: its number may be another session's by
    /// now, which closing would hit. A few bytes are never freed, once for each time that a token is lost.
    func leak() {
        _ = Unmanaged.passRetained(self)
    }
}
