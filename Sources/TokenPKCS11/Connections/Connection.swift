internal import KeyManagement
internal import PKCS11
internal import Synchronization

/// One login to the token, and everything that is valid only under it: sessions, and the handles of root keys and version keys.
///
/// A connection ends once, when the token is lost. Afterwards none of its calls reaches the module; later work uses the next
/// login.
final class Connection: Sendable {
    /// The number of the login: 1 at the start, one higher for each later login.
    let generation: Int
    let located: LocatedToken
    let book: RootKeyRegistry
    let audit: AuditKey?
    let keeper: UnwrappedKeyCache
    private let scope: SessionScope
    private let workers: SessionPool
    /// The number of work items in progress.
    private let users = Atomic(0)

    init(_ login: Login, generation: Int, wrappings: [TokenProbe.ProvenWrapping], handleCapacity: Int) {
        self.generation = generation
        located = login.located
        let book = RootKeyRegistry(login.roots, login.identity, of: login.located)
        self.book = book
        audit = login.audit
        scope = login.scope
        let guardian = login.guardian
        let stock = { SessionPool(slot: login.located.slot, scope: login.scope) { guardian.isLoggedIn() == true } }
        workers = stock()
        keeper = UnwrappedKeyCache(
            sessions: stock(), guardian: guardian, book: book, wrappings: wrappings,
            handleCapacity: handleCapacity)
    }

    var isOver: Bool { scope.isOver }

    /// The roots as they are currently known.
    var roots: RootKeySet { book.roots }
    var identity: TokenIdentity { book.identity }

    /// Runs calls on a session that no other thread uses meanwhile.
    func withSession<Result>(
        _ body: (borrowing Session) throws(PKCS11Error) -> Result
    ) throws(PKCS11Error) -> Result {
        try workers.withSession { (owned) throws(PKCS11Error) in try body(owned.session) }
    }

    /// Runs calls on a read-write session opened for them.
    func withWritingSession<Result>(
        _ body: (borrowing Session) throws(PKCS11Error) -> Result
    ) throws(PKCS11Error) -> Result {
        let owned = OwnedSession(try located.slot.openSession(.readWrite, in: scope))
        return try body(owned.session)
    }

    /// Runs a work item under this login.
    ///
    /// - Throws: the error of the work item; ``/KeyManagement/TokenError/unavailable(_:)`` if the login has ended.
    func use<Result>(_ body: () throws(TokenError) -> Result) throws(TokenError) -> Result {
        // Sequentially consistent with the end: either this check sees the end, or the ending thread sees this user.
        users.add(1, ordering: .sequentiallyConsistent)
        defer { users.subtract(1, ordering: .sequentiallyConsistent) }
        guard !isOver else { throw .unavailable("the connection to the token was lost") }
        return try body()
    }

    /// Checks that the token answers: the user is logged in, and a root key computes an HMAC. The computation is needed because
    /// some modules report the session state without asking the device.
    func check() throws(PKCS11Error) {
        if try keeper.guardian.state() == false { throw .returned(.userNotLoggedIn, from: .getSessionInfo) }
        try withSession { (session) throws(PKCS11Error) in
            _ = try session.sign(Array("health".utf8), with: roots.current.integrity, .sha256HMAC)
        }
    }

    /// Recomputes the check value of the integrity key. If it differs from the earlier one, the token is faulty, whatever it
    /// returns.
    func checkIntegrityKey(in session: borrowing Session) throws(PKCS11Error) {
        let current = roots.current
        guard try Connector.checkValue(of: current, in: session) == identity.checkValues[current.epoch] else {
            throw .malformedAnswer(from: .sign, "the check value is not the one of before")
        }
    }

    /// Ends the connection: none of its calls enters the module afterwards.
    func end() { scope.end() }

    /// Waits until no work item is in progress, for at most `timeout`. Work items that are still in progress after it hang.
    ///
    /// - Returns: true if none is left.
    func waitUntilUnused(atMost timeout: Duration) -> Bool {
        let end = ContinuousClock.now + timeout
        while users.load(ordering: .sequentiallyConsistent) > 0 {
            guard ContinuousClock.now < end else { return false }
            Pause.milliseconds(5)
        }
        return true
    }
}
