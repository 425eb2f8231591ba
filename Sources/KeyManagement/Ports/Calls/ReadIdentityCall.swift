/// Reads which roots the token has now. Another process may have made or destroyed some.
package struct ReadIdentityCall: TokenCall {
    package init() {}

    package func perform(on token: some TokenOperations) async throws(TokenError) -> TokenIdentity {
        try await token.readIdentity(self)
    }

    /// Reads the identity of all open tokens; one that answers is enough.
    package func perform(in group: TokenGroup) async throws(TokenError) -> TokenIdentity {
        var last = TokenError.unavailable("no token can be used")
        var hasAnswer = false
        for token in group.tokens {
            do throws(TokenError) {
                _ = try await token.readIdentity()
                hasAnswer = true
            } catch {
                last = error
            }
        }
        guard hasAnswer else { throw last }
        return group.identity
    }

    package func check(_ identity: TokenIdentity) {}
}

extension Token {
    /// Performs ``ReadIdentityCall``.
    package func readIdentity() async throws(TokenError) -> TokenIdentity {
        try await perform(ReadIdentityCall())
    }
}
