/// Generates a version key in the token and wraps it under the current root. The plaintext is gone when the call returns.
package struct GenerateKeyCall: TokenCall {
    package let algorithm: KeyAlgorithm
    package let usage: KeyUsage

    package init(_ algorithm: KeyAlgorithm, for usage: KeyUsage) {
        self.algorithm = algorithm
        self.usage = usage
    }

    package func perform(on token: some TokenOperations) async throws(TokenError) -> NewKey {
        try await token.generateKey(self)
    }

    package func check(_ key: NewKey) throws(TokenAnswerError) {
        try TokenAnswers.check(key, of: algorithm)
    }
}

extension Token {
    /// Performs ``GenerateKeyCall``.
    package func generateKey(_ algorithm: KeyAlgorithm, for usage: KeyUsage) async throws(TokenError) -> NewKey {
        try await perform(GenerateKeyCall(algorithm, for: usage))
    }
}
