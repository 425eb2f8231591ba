package import SecretMemory

/// Returns random bytes from the token's generator.
package struct RandomCall: TokenCall {
    package let byteCount: Int

    package init(byteCount: Int) {
        self.byteCount = byteCount
    }

    package func perform(on token: some TokenOperations) async throws(TokenError) -> SecretBytes {
        try await token.random(self)
    }

    package func check(_ secret: SecretBytes) throws(TokenAnswerError) {
        try TokenAnswers.require(length: secret.count, byteCount, "random bytes")
    }
}

extension Token {
    /// Performs ``RandomCall``.
    package func random(byteCount: Int) async throws(TokenError) -> SecretBytes {
        try await perform(RandomCall(byteCount: byteCount))
    }
}
