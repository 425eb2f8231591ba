/// Throws if the token cannot be used. The call is harmless. One working token of a group is enough.
public struct CheckHealthCall: TokenCall {
    public init() {}

    public func perform(on token: some TokenOperations) async throws(TokenError) {
        try await token.checkHealth(self)
    }

    public func check(_ answer: Void) {}
}

extension Token {
    /// Performs ``CheckHealthCall``.
    public func checkHealth() async throws(TokenError) {
        try await perform(CheckHealthCall())
    }
}
