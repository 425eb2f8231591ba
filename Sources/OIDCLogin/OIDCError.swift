package import KMSClient

/// The reason why a login at an identity provider failed.
package enum OIDCError: Error, Sendable {
    /// The address of the issuer, or of one of its endpoints, is not https. Only addresses of this machine may be http.
    case insecureAddress(String)
    case unreachable(String, ConnectionProblem)
    /// The answer is not one of an OpenID provider.
    case malformedAnswer(String)
    /// The issuer does not offer the flow.
    case unsupportedFlow(String)
    /// The issuer refused with an error code of OAuth (RFC 6749 §5.2).
    case refused(code: String, description: String?)
    /// The user declined.
    case denied
    /// The user did not complete the login in time.
    case expired
    /// An answer belongs to another login, to another client, or to another issuer.
    case foreignAnswer(String)
    /// This machine has no free port for the redirect.
    case noListener
    case unreadableAuthorities(String)
}

extension OIDCError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .insecureAddress(let address):
            "\(address) is not https; an issuer may use http only on this machine"
        case .unreachable(let address, let problem): "the issuer at \(address) cannot be reached: \(problem)"
        case .malformedAnswer(let what): "the issuer's answer is not one of an OpenID provider: \(what)"
        case .unsupportedFlow(let what): "the issuer does not offer \(what)"
        case .refused(let code, let description):
            "the issuer refused: \(code)" + (description.map { ": \($0)" } ?? "")
        case .denied: "the login was declined"
        case .expired: "the login was not completed in time; run 'kms login' again"
        case .foreignAnswer(let what): "the answer does not belong to this login: \(what)"
        case .noListener: "no port of this machine is free for the redirect; use --device"
        case .unreadableAuthorities(let path): "\(path) does not contain a certificate in PEM"
        }
    }
}
