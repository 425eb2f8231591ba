internal import KeyManagement
internal import PKCS11

/// A login to the token, with the keys found under it.
struct Login: Sendable {
    let located: LocatedToken
    let scope: SessionScope
    let guardian: LoginSession
    let roots: RootKeySet
    let audit: AuditKey?
    let identity: TokenIdentity
}

/// Logs in to the configured token: once at the start, and again each time the token was lost.
final class Connector: Sendable {
    private let configuration: TokenConfiguration
    private let pin: RememberedPIN

    init(_ configuration: TokenConfiguration) {
        self.configuration = configuration
        pin = RememberedPIN(configuration.uri)
    }

    /// Finds the token, without logging in.
    func locate() throws(TokenOpenError) -> LocatedToken { try TokenLocator.locate(configuration.uri) }

    /// Logs in, and checks the root keys against the rule. It never makes a root key.
    func login(to located: LocatedToken) throws(TokenOpenError) -> Login {
        let scope = SessionScope()
        do throws(TokenOpenError) {
            return try login(to: located, in: scope)
        } catch {
            scope.end()
            throw error
        }
    }

    private func login(to located: LocatedToken, in scope: SessionScope) throws(TokenOpenError) -> Login {
        let owned = OwnedSession(
            try TokenLogin.open(.readOnly, on: located, in: scope) { () throws(TokenOpenError) in try pin.read() })
        let roots = try RootFinder.load(in: owned.session, of: located.name)
        let audit = try AuditKeyFinder.load(in: owned.session, of: located.name)
        let identity = try Self.identity(of: located, roots, in: owned.session)
        return Login(
            located: located, scope: scope, guardian: LoginSession(owned), roots: roots, audit: audit,
            identity: identity)
    }

    static func checkValue(
        of root: RootKeys, in session: borrowing Session
    ) throws(PKCS11Error) -> [UInt8] {
        try session.sign(Array("hsm-kms/root-check/1".utf8), with: root.integrity, .sha256HMAC)
    }

    /// Computes the check values, which only the roots can make: HMAC-SHA256 of a text that begins no record.
    static func identity(
        of located: LocatedToken, _ roots: RootKeySet, in session: borrowing Session
    ) throws(TokenOpenError) -> TokenIdentity {
        let values = try TokenOpenError.explaining("the check values of \(located.name) cannot be made") {
            () throws(PKCS11Error) in
            var values: [RootEpoch: [UInt8]] = [:]
            for root in roots.all { values[root.epoch] = try checkValue(of: root, in: session) }
            return values
        }
        guard
            let identity = TokenIdentity(
                label: located.info.label, serialNumber: located.info.serialNumber, checkValues: values)
        else { throw .rootsMissing(token: located.name, what: "root keys") }
        return identity
    }
}
