internal import KeyManagement
internal import PKCS11
internal import Synchronization

/// The root keys of a login, which can become more or fewer while it stands: made or destroyed here, or by another process.
final class RootBook: Sendable {
    private struct State {
        var roots: RootKeySet
        var identity: TokenIdentity
        /// When it was looked last for an epoch that is not there.
        var missedAt: ContinuousClock.Instant?
    }

    private let state: Mutex<State>
    private let located: LocatedToken

    init(_ roots: RootKeySet, _ identity: TokenIdentity, of located: LocatedToken) {
        self.located = located
        state = Mutex(State(roots: roots, identity: identity))
    }

    var roots: RootKeySet { state.withLock { $0.roots } }
    var identity: TokenIdentity { state.withLock { $0.identity } }

    /// The roots of an epoch; nil when the token has none. What is not known is looked for, but not more often than this.
    func roots(of epoch: RootEpoch, in session: borrowing Session) throws(PKCS11Error) -> RootKeys? {
        let now = ContinuousClock.now
        let (known, mayLook): (RootKeys?, Bool) = state.withLock { state in
            if let known = state.roots[epoch] { return (known, false) }
            if let missedAt = state.missedAt, now - missedAt < Self.pause { return (nil, false) }
            state.missedAt = now
            return (nil, true)
        }
        guard mayLook else { return known }
        do throws(TokenOpenError) {
            try reload(in: session)
        } catch {
            // The token does not say, or says what is not to be believed: then there is no such epoch.
            return nil
        }
        return roots[epoch]
    }

    /// Looks which roots the token has now.
    func reload(in session: borrowing Session) throws(TokenOpenError) {
        let roots = try RootFinder.load(in: session, of: located.name)
        let identity = try Connector.identity(of: located, roots, in: session)
        guard identity.hasSameRoots(as: self.identity) else {
            throw .failed("\(located.name) has other root keys than before")
        }
        state.withLock { state in
            state.roots = roots
            state.identity = identity
            state.missedAt = nil
        }
    }

    private static let pause = Duration.seconds(1)
}
