internal import Encodings
package import FoundationEssentials

/// The tokens of a completed login (RFC 6749 §5.1, OpenID Connect Core 1.0 §3.1.3.3).
package struct OIDCTokens: Sendable {
    package let accessToken: String
    package let idToken: String?
    package let refreshToken: String?
    /// The seconds for which the access token is valid; nil if the issuer does not say.
    package let expiresIn: Int?

    private struct Answer: Decodable {
        let accessToken: String
        let tokenType: String
        let idToken: String?
        let refreshToken: String?
        let expiresIn: Int?
    }

    /// Reads the answer of a token endpoint.
    package init(answer: [UInt8]) throws(OIDCError) {
        guard let read = try? OIDCJSON.decode(Answer.self, answer),
            read.tokenType.lowercased() == "bearer"
        else { throw .malformedAnswer("it contains no bearer token") }
        accessToken = read.accessToken
        idToken = read.idToken
        refreshToken = read.refreshToken
        // At most ten years, so that every sum with a date is one.
        expiresIn = read.expiresIn.map { min(max($0, 0), 315_360_000) }
    }

    private struct Claims: Decodable {
        let iss: String?
        let aud: Audience?
        let nonce: String?
        let exp: Double?

        enum Audience: Decodable {
            case one(String)
            case many([String])

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let one = try? container.decode(String.self) {
                    self = .one(one)
                } else {
                    self = .many(try container.decode([String].self))
                }
            }

            func contains(_ name: String) -> Bool {
                switch self {
                case .one(let one): one == name
                case .many(let many): many.contains(name)
                }
            }
        }
    }

    /// Checks that the ID token is this issuer's answer to this login (OpenID Connect Core 1.0 §3.1.3.7). It came from the issuer itself, so
    /// its signature is left to the service that accepts it.
    ///
    /// - Parameter nonce: the nonce of the login; nil for a flow that sends none.
    package func checkIDToken(issuer: String, clientID: String, nonce: String?) throws(OIDCError) {
        guard let idToken else { return }
        guard let claims = Self.claims(of: idToken) else { throw .malformedAnswer("its ID token is malformed") }
        guard claims.iss == issuer else { throw .foreignAnswer("the ID token is of another issuer") }
        guard claims.aud?.contains(clientID) ?? false else {
            throw .foreignAnswer("the ID token is for another client")
        }
        if let nonce, claims.nonce != nonce { throw .foreignAnswer("the ID token has another nonce") }
    }

    /// Returns the time at which a JSON Web Token expires; nil if it is another kind of token, or does not say.
    package static func expiry(of token: String) -> Date? {
        // Up to the year 9999, because later dates have no common text.
        claims(of: token)?.exp.flatMap {
            (0..<253_402_300_800).contains($0) ? Date(timeIntervalSince1970: $0) : nil
        }
    }

    private static func claims(of token: String) -> Claims? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let payload = Base64URL.decode(parts[1]) else { return nil }
        return try? OIDCJSON.decode(Claims.self, payload)
    }
}
