import Foundation
import OIDCLogin

extension FuzzTarget {
    static let loginTargets = [discovery, loginAnswer, redirect]

    /// The discovery document of an issuer.
    private static let discovery = FuzzTarget(
        "oidc-discovery",
        samples: {
            [
                Array(
                    #"""
                    {"issuer":"https://a.example","authorization_endpoint":"https://a.example/auth",
                    "token_endpoint":"http://localhost:8080/token","device_authorization_endpoint":"https://b.example/d"}
                    """#.utf8)
            ]
        }
    ) { (bytes) throws(BrokenProperty) in
        guard let provider = try? OIDCProvider(document: bytes, issuer: "https://a.example") else { return }
        for endpoint in [provider.authorizationEndpoint, provider.tokenEndpoint] {
            let isSecure = endpoint.hasPrefix("https://") || endpoint.hasPrefix("http://")
            try hold(isSecure && (try? OIDCProvider.requireSecure(endpoint)) != nil, "\(endpoint) is not secure")
        }
    }

    /// The answer of a token endpoint, with an ID token.
    private static let loginAnswer = FuzzTarget(
        "oidc-tokens",
        samples: {
            let claims = Data(#"{"iss":"i","aud":["c"],"nonce":"n","exp":1767225600}"#.utf8).base64EncodedString()
            let token = "e30." + claims.replacing("=", with: "") + ".AA"
            return [
                Array(
                    #"{"access_token":"a","token_type":"Bearer","expires_in":60,"id_token":"\#(token)"}"#.utf8)
            ]
        }
    ) { (bytes) throws(BrokenProperty) in
        guard let tokens = try? OIDCTokens(answer: bytes), let token = tokens.idToken else { return }
        try? tokens.checkIDToken(issuer: "i", clientID: "c", nonce: "n")
        guard let expiry = OIDCTokens.expiry(of: token) else { return }
        try hold(expiry.ISO8601Format().count == 20, "\(expiry) is not a date of this calendar")
    }

    /// The parameters of a redirect.
    private static let redirect = FuzzTarget(
        "oidc-redirect", samples: { [Array("code=a%2Bb+c&state=s".utf8)] }
    ) { (bytes) throws(BrokenProperty) in
        guard let text = String(validating: bytes, as: UTF8.self), let fields = FormText.decode(text) else { return }
        for (name, value) in fields {
            let again = FormText.decode(FormText.encode(["field": value]))
            try hold(again == ["field": value], "the value of \(name) is written as another")
        }
    }
}
