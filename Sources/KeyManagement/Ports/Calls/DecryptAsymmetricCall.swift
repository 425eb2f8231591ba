package import SecretMemory

/// Decrypts with the private key of an RSA version. A ciphertext that does not decrypt is ``TokenError/rejected`` in its place,
/// whatever the reason, and takes the same time.
package struct DecryptAsymmetricCall: TokenCall {
    package let ciphertexts: [[UInt8]]
    package let algorithm: AsymmetricEncryption
    package let key: VersionKey

    package init(_ ciphertexts: [[UInt8]], by algorithm: AsymmetricEncryption, with key: VersionKey) {
        self.ciphertexts = ciphertexts
        self.algorithm = algorithm
        self.key = key
    }

    package var cacheEffect: VersionCacheEffect { .caches(key.id) }

    package func perform(on token: some TokenOperations) async throws(TokenError) -> [TokenResult<SecretBytes>] {
        try await token.decryptAsymmetric(self)
    }

    package func check(_ results: [TokenResult<SecretBytes>]) throws(TokenAnswerError) {
        try TokenAnswers.require(results.count, of: ciphertexts.count)
        guard case .rsa(let bits) = key.algorithm.family else { return }
        let maxLength = algorithm.maxPlaintextLength(modulusBits: bits)
        for case .success(let plaintext) in results {
            try TokenAnswers.require(plaintext.count <= maxLength, "a plaintext of \(plaintext.count) bytes")
        }
    }
}

extension Token {
    /// Performs ``DecryptAsymmetricCall``.
    package func decrypt(
        _ ciphertexts: [[UInt8]], by algorithm: AsymmetricEncryption, with key: VersionKey
    ) async throws(TokenError) -> [TokenResult<SecretBytes>] {
        try await perform(DecryptAsymmetricCall(ciphertexts, by: algorithm, with: key))
    }
}
