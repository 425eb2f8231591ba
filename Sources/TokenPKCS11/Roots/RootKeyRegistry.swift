internal import KeyManagement
internal import PKCS11
internal import Synchronization

/// The root keys of a login. They can be added or destroyed while the login is valid, by this process or another.
final class RootKeyRegistry: Sendable {
    private struct State {
        var roots: RootKeySet
        var identity: TokenIdentity
        /// The time of the last search for an unknown epoch.
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

    /// Returns the roots of an epoch; `nil` if the token has none. An unknown epoch is searched for in the token, but at most
    /// once per `pause`.
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
            // If the token does not answer, or its answer cannot be believed, the epoch is treated as unknown.
            return nil
        }
        return roots[epoch]
    }

    /// Reads again which roots the token has.
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
