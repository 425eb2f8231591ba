/// Generates a key pair that leaves the token: a data-key pair.
///
/// - Throws: ``TokenError/unsupported(_:)`` if the token lets no private key leave.
package struct GenerateDataKeyPairCall: TokenCall {
    package let algorithm: KeyAlgorithm

    package init(_ algorithm: KeyAlgorithm) {
        self.algorithm = algorithm
    }

    package func perform(on token: some TokenOperations) async throws(TokenError) -> DataKeyPairMaterial {
        try await token.generateDataKeyPair(self)
    }

    package func check(_ pair: DataKeyPairMaterial) throws(TokenAnswerError) {
        try TokenAnswers.check(pair, of: algorithm)
    }
}

extension Token {
    /// Performs ``GenerateDataKeyPairCall``.
    package func generateDataKeyPair(_ algorithm: KeyAlgorithm) async throws(TokenError) -> DataKeyPairMaterial {
        try await perform(GenerateDataKeyPairCall(algorithm))
    }
}
