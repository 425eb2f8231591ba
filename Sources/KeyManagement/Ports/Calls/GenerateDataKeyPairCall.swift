/// Generates a key pair that leaves the token: a data-key pair.
///
/// - Throws: ``TokenError/unsupported(_:)`` if the token lets no private key leave.
public struct GenerateDataKeyPairCall: TokenCall {
    public let algorithm: KeyAlgorithm

    public init(_ algorithm: KeyAlgorithm) {
        self.algorithm = algorithm
    }

    public func perform(on token: some TokenOperations) async throws(TokenError) -> DataKeyPairMaterial {
        try await token.generateDataKeyPair(self)
    }

    public func check(_ pair: DataKeyPairMaterial) throws(TokenAnswerError) {
        try TokenAnswers.check(pair, of: algorithm)
    }
}

extension Token {
    /// Performs ``GenerateDataKeyPairCall``.
    public func generateDataKeyPair(_ algorithm: KeyAlgorithm) async throws(TokenError) -> DataKeyPairMaterial {
        try await perform(GenerateDataKeyPairCall(algorithm))
    }
}
