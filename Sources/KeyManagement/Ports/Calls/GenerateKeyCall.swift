/// Generates a version key in the token and wraps it under the current root. The plaintext is gone when the call returns.
public struct GenerateKeyCall: TokenCall {
    public let algorithm: KeyAlgorithm
    public let usage: KeyUsage

    public init(_ algorithm: KeyAlgorithm, for usage: KeyUsage) {
        self.algorithm = algorithm
        self.usage = usage
    }

    public func perform(on token: some TokenOperations) async throws(TokenError) -> NewKey {
        try await token.generateKey(self)
    }

    public func check(_ key: NewKey) throws(TokenAnswerError) {
        try TokenAnswers.check(key, of: algorithm)
    }
}

extension Token {
    /// Performs ``GenerateKeyCall``.
    public func generateKey(_ algorithm: KeyAlgorithm, for usage: KeyUsage) async throws(TokenError) -> NewKey {
        try await perform(GenerateKeyCall(algorithm, for: usage))
    }
}
