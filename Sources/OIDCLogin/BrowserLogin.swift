/// A login in a browser on this machine (RFC 8252): the issuer redirects the browser to a port of this program.
package struct BrowserLogin: Sendable {
    /// The address that the user opens.
    package let address: String
    private let client: OIDCClient
    private let listener: LoopbackListener
    private let proof = PKCE()
    private let state = PKCE.randomText()
    private let nonce = PKCE.randomText()

    /// Starts to listen for the redirect.
    package init(_ client: OIDCClient, scope: String) throws(OIDCError) {
        listener = try LoopbackListener()
        let endpoint = client.provider.authorizationEndpoint
        address =
            endpoint + (endpoint.contains("?") ? "&" : "?")
            + FormText.encode([
                "response_type": "code", "client_id": client.clientID, "redirect_uri": listener.address,
                "scope": scope, "state": state, "nonce": nonce, "code_challenge": proof.challenge,
                "code_challenge_method": "S256",
            ])
        self.client = client
    }

    /// Waits for the redirect and redeems its code.
    ///
    /// - Parameter seconds: the time that the user has.
    package func tokens(within seconds: Int = 300) async throws(OIDCError) -> OIDCTokens {
        let answer = try await listener.redirect(state: state, within: seconds)
        if client.provider.namesItself || answer["iss"] != nil, answer["iss"] != client.provider.issuer {
            throw .foreignAnswer("the redirect is of another issuer")
        }
        if let error = answer["error"] {
            throw error == "access_denied" ? .denied : .refused(code: error, description: answer["error_description"])
        }
        guard let code = answer["code"] else { throw .malformedAnswer("the redirect contains no code") }
        let tokens = try OIDCTokens(
            answer: try await client.post(
                client.provider.tokenEndpoint,
                [
                    "grant_type": "authorization_code", "code": code, "redirect_uri": listener.address,
                    "client_id": client.clientID, "code_verifier": proof.verifier,
                ]))
        try tokens.checkIDToken(issuer: client.provider.issuer, clientID: client.clientID, nonce: nonce)
        return tokens
    }
}
