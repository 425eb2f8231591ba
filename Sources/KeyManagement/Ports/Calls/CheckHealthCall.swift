/// Throws if the token cannot be used. The call is harmless. One working token of a group is enough.
package struct CheckHealthCall: TokenCall {
    package init() {}

    package func perform(on token: some TokenOperations) async throws(TokenError) {
        try await token.checkHealth(self)
    }

    package func check(_ answer: Void) {}
}

extension Token {
    /// Performs ``CheckHealthCall``.
    package func checkHealth() async throws(TokenError) {
        try await perform(CheckHealthCall())
    }
}
