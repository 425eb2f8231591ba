/// Generates an RSA key pair for importing material. Its private key can only unwrap.
package struct GenerateImportKeyCall: TokenCall {
    package let algorithm: KeyAlgorithm

    package init(_ algorithm: KeyAlgorithm) {
        self.algorithm = algorithm
    }

    package func perform(on token: some TokenOperations) async throws(TokenError) -> NewKey {
        try await token.generateImportKey(self)
    }

    package func check(_ key: NewKey) throws(TokenAnswerError) {
        try TokenAnswers.check(key, of: algorithm)
    }
}

extension Token {
    /// Performs ``GenerateImportKeyCall``.
    package func generateImportKey(_ algorithm: KeyAlgorithm) async throws(TokenError) -> NewKey {
        try await perform(GenerateImportKeyCall(algorithm))
    }
}
