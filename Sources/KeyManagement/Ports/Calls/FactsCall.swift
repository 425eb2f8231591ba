/// Returns the identity of the token and of the module through which it is reached.
public struct FactsCall: TokenCall {
    public init() {}

    public func perform(on token: some TokenOperations) async throws(TokenError) -> TokenFacts {
        try await token.facts(self)
    }

    public func check(_ facts: TokenFacts) {}
}

extension Token {
    /// Performs ``FactsCall``.
    public func facts() async throws(TokenError) -> TokenFacts {
        try await perform(FactsCall())
    }
}
