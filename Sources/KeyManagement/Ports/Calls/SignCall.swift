/// Signs with the private key of a version.
///
/// - Returns: signatures in the format of PKCS #1 and EdDSA; for ECDSA `r | s`, each as long as a coordinate.
package struct SignCall: TokenCall {
    /// Digests of the algorithm's hash; whole messages for Ed25519.
    package let inputs: [[UInt8]]
    package let algorithm: SignatureAlgorithm
    package let key: VersionKey

    package init(_ inputs: [[UInt8]], by algorithm: SignatureAlgorithm, with key: VersionKey) {
        self.inputs = inputs
        self.algorithm = algorithm
        self.key = key
    }

    package var cacheEffect: VersionCacheEffect { .caches(key.id) }

    package func perform(on token: some TokenOperations) async throws(TokenError) -> [[UInt8]] {
        try await token.sign(self)
    }

    package func check(_ signatures: [[UInt8]]) throws(TokenAnswerError) {
        try TokenAnswers.require(signatures.count, of: inputs.count)
        let expected: Int
        switch key.algorithm.family {
        case .rsa(let bits): expected = bits / 8
        case .ec(let curve): expected = 2 * curve.coordinateByteCount
        case .ed25519: expected = 64
        case .aes, .hmac: return
        }
        for signature in signatures { try TokenAnswers.require(length: signature.count, expected, "a signature") }
    }
}

extension Token {
    /// Performs ``SignCall``.
    package func sign(
        _ inputs: [[UInt8]], by algorithm: SignatureAlgorithm, with key: VersionKey
    ) async throws(TokenError) -> [[UInt8]] {
        try await perform(SignCall(inputs, by: algorithm, with: key))
    }
}
