internal import PKCS11

/// A session that one thread at a time has to itself: whoever took it out of a ``SessionStock``.
final class OwnedSession: @unchecked Sendable {
    // Sendable: it changes hands through the stock's lock, and nobody uses it while it lies there.
    let session: Session

    init(slot: Slot, scope: SessionScope? = nil) throws(PKCS11Error) {
        session = try slot.openSession(.readOnly, in: scope)
    }

    /// Takes over a session that is open already.
    init(_ session: consuming sending Session) {
        self.session = session
    }

    /// Keeps a session that the token has forgotten from being closed when it goes: its number may be another session's by
    /// now, which closing would hit. A few bytes are never freed, once for each time that a session is lost.
    func leak() {
        _ = Unmanaged.passRetained(self)
    }
}
