import FoundationEssentials
import KMSClient
import OIDCLogin

/// The service, the project and the credential that a command uses: from its options, else from variables, else from the current context.
struct ClientSelection {
    var configuration: KMSClient.Configuration
    /// The context from which the credential comes; nil if it comes from elsewhere.
    fileprivate(set) var credentialSource: ActiveContext?

    init(_ configuration: KMSClient.Configuration) { self.configuration = configuration }

    /// Adds a bearer token from the context, if it has one.
    mutating func useCredential(of context: ActiveContext) throws(Failure) {
        guard let credential = try context.store.credential(of: context.name) else { return }
        configuration.credential = credential
        credentialSource = context
    }

    /// True if a request has neither a token nor a client certificate.
    var isAnonymous: Bool { configuration.credential == nil && configuration.tls.identity == nil }

    /// Replaces a token that has expired, if its issuer allows that.
    ///
    /// - Throws: a ``Failure`` if the user must log in again.
    mutating func refresh() async throws {
        guard let context = credentialSource, let login = context.saved.login,
            let session = try context.store.session(of: context.name), session.isExpired
        else { return }
        guard session.refreshToken != nil else { throw Self.expired(context) }
        let (store, name) = (context.store, context.name)
        configuration.credential = try await store.locked(name) {
            // Another command may have refreshed the session meanwhile.
            guard let session = try store.session(of: name), session.isExpired else {
                return try store.credential(of: name)
            }
            guard let refreshToken = session.refreshToken else { throw Self.expired(context) }
            let tokens: OIDCTokens
            do {
                tokens = try await OIDCClient.withClient(
                    issuer: login.issuer, clientID: login.clientID, authorities: login.ca
                ) { client in try await client.refresh(refreshToken) }
            } catch OIDCError.refused {
                throw Self.expired(context)
            } catch let error as OIDCError {
                throw Failure(error)
            }
            let token = try login.token(of: tokens)
            // The context may have been changed, or logged out of, while the issuer answered.
            guard try store.context(name) == context.saved, try store.session(of: name) == session else {
                throw Failure(.conflict, "the context '\(name)' was changed meanwhile; repeat the command")
            }
            try store.saveCredential(token, session: SavedSession(tokens, token, after: session), of: name)
            return try store.credential(of: name)
        }
    }

    private static func expired(_ context: ActiveContext) -> Failure {
        Failure(.access, "the login of the context '\(context.name)' has expired: run 'kms login' again")
    }
}

/// The context that applies to a command.
struct ActiveContext {
    let store: ContextStore
    let name: ContextName
    let saved: SavedContext

    /// Returns the context of `KMS_CONTEXT`, else the current one; nil if there is none, or if it is for another service than `url`.
    ///
    /// - Parameter url: the address that an option or a variable names. A context applies as a whole or not at all, so that its token is
    ///   never sent to another service.
    static func select(for url: String?) throws(Failure) -> ActiveContext? {
        let named: ContextName?
        if let variable = try ClientVariable.context.value() {
            named = try ContextName(variable)
        } else {
            named = nil
        }
        // Without a home folder there are no contexts, which is an error only if one is named.
        guard let folder = named == nil ? ContextFolder.ofUser : try ContextFolder.required() else { return nil }
        let store = ContextStore(folder: folder)
        if let named {
            let saved = try store.required(named)
            return url.map(saved.isFor) ?? true ? ActiveContext(store: store, name: named, saved: saved) : nil
        }
        guard let current = try store.current(), let saved = try store.context(current) else { return nil }
        return url.map(saved.isFor) ?? true ? ActiveContext(store: store, name: current, saved: saved) : nil
    }
}

extension SavedSession {
    /// The session after a login or a refresh. An issuer that sends no new refresh token lets the old one continue (RFC 6749 §6).
    init(_ tokens: OIDCTokens, _ token: String, after old: SavedSession? = nil, now: Date = Date()) {
        refreshToken = tokens.refreshToken ?? old?.refreshToken
        expiresAt =
            OIDCTokens.expiry(of: token)
            ?? tokens.expiresIn.map { now.addingTimeInterval(TimeInterval($0)) }
    }

    /// True if the token has expired, or does within the next 15 seconds.
    var isExpired: Bool { expiresAt.map { $0.timeIntervalSinceNow < 15 } ?? false }
}

extension SavedLogin {
    /// Returns the token that the service accepts.
    func token(of tokens: OIDCTokens) throws(Failure) -> String {
        if usesAccessToken == true { return tokens.accessToken }
        guard let token = tokens.idToken else {
            throw Failure(
                .access,
                "the issuer sent no ID token; add the scope 'openid', or send its access token with --access-token")
        }
        return token
    }
}

extension Failure {
    /// The failure of a login at an identity provider.
    init(_ error: OIDCError) {
        let code: Code =
            switch error {
            case .unreachable, .malformedAnswer: .unreachable
            case .refused, .denied, .expired, .foreignAnswer: .access
            case .insecureAddress, .unsupportedFlow, .noListener, .unreadableAuthorities: .configuration
            }
        self.init(code, "\(error)")
    }
}
