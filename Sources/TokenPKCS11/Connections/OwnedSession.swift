internal import PKCS11

/// A session that one thread at a time uses exclusively: the thread that took it out of a ``SessionPool``.
final class OwnedSession: @unchecked Sendable {
    // Sendable: it is handed over through the stock's lock, and no thread uses it while it is in the stock.
    let session: Session

    init(slot: Slot, scope: SessionScope? = nil) throws(PKCS11Error) {
        session = try slot.openSession(.readOnly, in: scope)
    }

    /// Takes over a session that is already open.
    init(_ session: consuming sending Session) {
        self.session = session
    }

    /// Prevents a session that the token has forgotten from being closed on release. Its number may belong to another session by
    /// now, which would be closed instead. A few bytes leak for each lost session.
    func leak() {
        _ = Unmanaged.passRetained(self)
    }
}
