public import SecretMemory

/// Returns random bytes from the token's generator.
public struct RandomCall: TokenCall {
    public let byteCount: Int

    public init(byteCount: Int) {
        self.byteCount = byteCount
    }

    public func perform(on token: some TokenOperations) async throws(TokenError) -> SecretBytes {
        try await token.random(self)
    }

    public func check(_ secret: SecretBytes) throws(TokenAnswerError) {
        try TokenAnswers.require(length: secret.count, byteCount, "random bytes")
    }
}

extension Token {
    /// Performs ``RandomCall``.
    public func random(byteCount: Int) async throws(TokenError) -> SecretBytes {
        try await perform(RandomCall(byteCount: byteCount))
    }
}
