internal import KeyManagement
package import Logging
internal import PKCS11
internal import ThreadExecutor

/// The properties of a token that are determined once, when it is opened.
struct OpenedToken: Sendable {
    let connector: Connector
    let login: Login
    let proof: TokenProbe.Proof
    let wrapping: TokenProbe.ProvenWrapping
    let workerCount: Int
}

extension PKCS11Token {
    /// Finds the token, logs in, checks its root keys against the rule, and probes what it can do.
    ///
    /// It never makes a root key. If the token is lost later, it is found and used again automatically, see
    /// ``TokenConnectionManager``.
    ///
    /// - Parameters:
    ///   - configuration: the module, the token and its PIN.
    ///   - proof: the result of another process's probe of the same token, see ``proof``; the token is then not probed again.
    ///   - logger: the log of the token.
    package static func open(
        _ configuration: TokenConfiguration, proof: [UInt8]? = nil, logger: Logger = Logger(label: "token")
    ) async throws(TokenOpenError) -> PKCS11Token {
        try await onOwnThread("token-open") { () throws(TokenOpenError) in
            let connector = Connector(configuration)
            let located = try connector.locate()
            do throws(TokenOpenError) {
                return try open(located, connector, proof.flatMap(CachedProbe.init(bytes:)), configuration, logger)
            } catch {
                located.module.finalize()
                throw error
            }
        }
    }

    private static func open(
        _ located: LocatedToken, _ connector: Connector, _ known: CachedProbe?, _ configuration: TokenConfiguration,
        _ logger: Logger
    ) throws(TokenOpenError) -> PKCS11Token {
        let login = try connector.login(to: located)
        let proof: TokenProbe.Proof
        if let known {
            proof = known.proof(of: located.name)
        } else {
            proof = try proofOfAbility(located, login.roots)
        }
        guard proof.report.isSufficient, let wrapping = proof.wrappings.first else {
            throw .tokenIncapable(token: located.name, missing: proof.report.missing)
        }
        return PKCS11Token(
            opened: OpenedToken(
                connector: connector, login: login, proof: proof, wrapping: wrapping,
                workerCount: workerCount(for: located, wish: configuration.workers)),
            configuration: configuration, logger: logger)
    }

    private static func proofOfAbility(
        _ located: LocatedToken, _ roots: RootKeySet
    ) throws(TokenOpenError) -> TokenProbe.Proof {
        do throws(PKCS11Error) {
            return try TokenProbe.run(on: located.slot, roots: roots, of: located.name)
        } catch {
            throw .failed("no session with \(located.name): \(error)")
        }
    }

    private static func workerCount(for located: LocatedToken, wish: Int?) -> Int {
        if let wish { return max(1, wish) }
        // Two threads are slower than one on SoftHSM; a network HSM needs many calls in flight.
        if located.info.manufacturer.hasPrefix("SoftHSM") { return 1 }
        // A worker takes a session, and one more while it unwraps. One session keeps the login.
        let sessions = located.info.maxSessions.map { Int(clamping: $0) } ?? .max
        return max(1, min(16, (sessions - 1) / 2))
    }
}
