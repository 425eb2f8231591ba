/// Generates an RSA key pair for importing material. Its private key can only unwrap.
public struct GenerateImportKeyCall: TokenCall {
    public let algorithm: KeyAlgorithm

    public init(_ algorithm: KeyAlgorithm) {
        self.algorithm = algorithm
    }

    public func perform(on token: some TokenOperations) async throws(TokenError) -> NewKey {
        try await token.generateImportKey(self)
    }

    public func check(_ key: NewKey) throws(TokenAnswerError) {
        try TokenAnswers.check(key, of: algorithm)
    }
}

extension Token {
    /// Performs ``GenerateImportKeyCall``.
    public func generateImportKey(_ algorithm: KeyAlgorithm) async throws(TokenError) -> NewKey {
        try await perform(GenerateImportKeyCall(algorithm))
    }
}
