/// Returns the identity of the token and of the module through which it is reached.
package struct FactsCall: TokenCall {
    package init() {}

    package func perform(on token: some TokenOperations) async throws(TokenError) -> TokenFacts {
        try await token.facts(self)
    }

    package func check(_ facts: TokenFacts) {}
}

extension Token {
    /// Performs ``FactsCall``.
    package func facts() async throws(TokenError) -> TokenFacts {
        try await perform(FactsCall())
    }
}
