package import KeyManagement

/// The issuer whose tokens are accepted, and the meaning of their claims.
package struct JWTConfiguration: Sendable {
    /// The required value of `iss`, compared character by character.
    package let issuer: String
    /// The value that `aud` must contain.
    package let audience: String
    package let keys: KeySource
    /// The accepted algorithms of RFC 7518 §3.1 and RFC 8037 §3.1. HMAC is never accepted, because its key would be as public as the
    /// others, and neither is `none`.
    package var algorithms: Set<SigningAlgorithm> = [.rs256, .ps256, .es256, .es384, .edDSA]
    package var subjectClaim = "sub"
    package var groupsClaim = "groups"
    /// The claim that names the project; nil if tokens name none.
    package var projectClaim: String?
    /// The prefix of subjects and groups, so that the issuer cannot name the directory's own.
    package var prefix = "oidc:"
    /// The allowed difference between the issuer's clock and the service's.
    package var leeway = Duration.seconds(30)
    /// The time after which the issuer's keys are requested again.
    package var keyLifetime = Duration.seconds(600)
    /// The additional time for which old keys are used if the issuer does not answer.
    package var maxStaleness = Duration.seconds(3600)
    /// The least time between two requests for keys, once there are any.
    package var minPause = Duration.seconds(30)

    /// The source of the issuer's keys: a JSON Web Key Set (RFC 7517 §5).
    package enum KeySource: Sendable, Hashable {
        /// A file, read again when it changes.
        case file(String)
        case url(String)
    }

    /// The algorithms that sign with a private key.
    package enum SigningAlgorithm: String, Sendable, CaseIterable {
        case rs256 = "RS256"
        case rs384 = "RS384"
        case rs512 = "RS512"
        case ps256 = "PS256"
        case ps384 = "PS384"
        case ps512 = "PS512"
        case es256 = "ES256"
        case es384 = "ES384"
        case es512 = "ES512"
        case edDSA = "EdDSA"
    }

    /// Reads the settings.
    ///
    /// - Parameters:
    ///   - issuer: the value of `iss` that tokens must have.
    ///   - audience: the value that `aud` of tokens must contain.
    ///   - keys: a file's path, or an `https` address; `http` only on this machine.
    /// - Throws: ``/KeyManagement/KMSError/invalidRequest(_:)`` with a description of the invalid setting.
    package init(issuer: String, audience: String, keys: String) throws(KMSError) {
        guard !issuer.isEmpty, issuer.utf8.count <= 512 else {
            throw .invalidRequest("the issuer of tokens is named by 1 to 512 bytes")
        }
        guard !audience.isEmpty else { throw .invalidRequest("the audience of tokens is missing") }
        self.issuer = issuer
        self.audience = audience
        self.keys = try Self.source(keys)
    }

    private static func source(_ text: String) throws(KMSError) -> KeySource {
        if text.hasPrefix("https://") { return .url(text) }
        if text.hasPrefix("http://") {
            let host = text.dropFirst("http://".count).prefix { !"/?#".contains($0) }
            let name = host.hasPrefix("[") ? String(host.prefix { $0 != "]" }) + "]" : String(host.prefix { $0 != ":" })
            guard ["localhost", "127.0.0.1", "[::1]"].contains(name), !host.contains("@") else {
                throw .invalidRequest(
                    "keys of an issuer are fetched by https, or by http on this machine only: \(text)")
            }
            return .url(text)
        }
        guard !text.isEmpty, !text.contains("://") else {
            throw .invalidRequest("the keys of the issuer are at a path or at an https address, not at '\(text)'")
        }
        return .file(text)
    }
}
