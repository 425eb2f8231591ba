internal import KeyManagement
internal import PKCS11
internal import Synchronization

/// One login to the token, and all that is valid under it only: sessions, handles of root keys and of version keys.
///
/// It ends once, when the token was lost. From then on nothing of it reaches the module any more; what is needed after that is found
/// under the next login.
final class Connection: Sendable {
    /// 1 for the login at the start, one more for each after it.
    let generation: Int
    let located: LocatedToken
    let book: RootBook
    let audit: AuditKey?
    let keeper: Keeper
    private let scope: SessionScope
    private let workers: SessionStock
    /// How many pieces of work are under way.
    private let users = Atomic(0)

    init(_ login: Login, generation: Int, wrappings: [TokenProbe.ProvenWrapping], handleCapacity: Int) {
        self.generation = generation
        located = login.located
        let book = RootBook(login.roots, login.identity, of: login.located)
        self.book = book
        audit = login.audit
        scope = login.scope
        let guardian = login.guardian
        let stock = { SessionStock(slot: login.located.slot, scope: login.scope) { guardian.isLoggedIn() == true } }
        workers = stock()
        keeper = Keeper(
            sessions: stock(), guardian: guardian, book: book, wrappings: wrappings,
            handleCapacity: handleCapacity)
    }

    var isOver: Bool { scope.isOver }

    /// The roots as they are known now.
    var roots: RootKeySet { book.roots }
    var identity: TokenIdentity { book.identity }

    /// Runs calls on a session that nobody else has meanwhile.
    func withSession<Result>(
        _ body: (borrowing Session) throws(PKCS11Error) -> Result
    ) throws(PKCS11Error) -> Result {
        try workers.withSession { (owned) throws(PKCS11Error) in try body(owned.session) }
    }

    /// Runs calls on a session that may change objects of the token, opened for them.
    func withWritingSession<Result>(
        _ body: (borrowing Session) throws(PKCS11Error) -> Result
    ) throws(PKCS11Error) -> Result {
        let owned = OwnedSession(try located.slot.openSession(.readWrite, in: scope))
        return try body(owned.session)
    }

    /// Runs a piece of work under this login.
    ///
    /// - Throws: what the work throws; ``TokenError/unavailable(_:)`` when the login is over.
    func use<Result>(_ body: () throws(TokenError) -> Result) throws(TokenError) -> Result {
        // In one order with the end: either it is seen here, or whoever ends it sees this user.
        users.add(1, ordering: .sequentiallyConsistent)
        defer { users.subtract(1, ordering: .sequentiallyConsistent) }
        guard !isOver else { throw .unavailable("the connection to the token was lost") }
        return try body()
    }

    /// Whether the token answers: the login stands, and a root key does what it is for. Some modules tell of sessions without asking
    /// the device, so a computation is asked for.
    func check() throws(PKCS11Error) {
        if try keeper.guardian.state() == false { throw .returned(.userNotLoggedIn, from: .getSessionInfo) }
        try withSession { (session) throws(PKCS11Error) in
            _ = try session.sign(Array("health".utf8), with: roots.current.integrity, .sha256HMAC)
        }
    }

    /// Makes the check value anew: a token that does not make the one of before is sick, whatever it returns.
    func checkIntegrityKey(in session: borrowing Session) throws(PKCS11Error) {
        let current = roots.current
        guard try Connector.checkValue(of: current, in: session) == identity.checkValues[current.epoch] else {
            throw .malformedAnswer(from: .sign, "the check value is not the one of before")
        }
    }

    /// Ends it: no call of it enters the module any more.
    func end() { scope.end() }

    /// Waits until no piece of work is under way, or for as long as one may take; those that still are then hang.
    ///
    /// - Returns: whether none is left.
    func waitUntilUnused(atMost timeout: Duration) -> Bool {
        let end = ContinuousClock.now + timeout
        while users.load(ordering: .sequentiallyConsistent) > 0 {
            guard ContinuousClock.now < end else { return false }
            Pause.milliseconds(5)
        }
        return true
    }
}
