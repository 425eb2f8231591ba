package import SecretMemory

/// Agrees on a secret with the holder of the private key of a public key: Diffie-Hellman on the curve of the version key.
///
/// - Returns: the x-coordinate, as long as the curve's coordinates, without any derivation (`CKD_NULL`; NIST SP 800-56A
///   §5.7.1.2). It leaves the token, as a data key does.
/// - Throws: ``TokenError/rejected`` if the public key is not on the same curve.
package struct AgreeCall: TokenCall {
    package let publicKey: PublicKeyInfo
    package let key: VersionKey

    package init(with publicKey: PublicKeyInfo, by key: VersionKey) {
        self.publicKey = publicKey
        self.key = key
    }

    package var cacheEffect: VersionCacheEffect { .caches(key.id) }

    package func perform(on token: some TokenOperations) async throws(TokenError) -> SecretBytes {
        try await token.agree(self)
    }

    package func check(_ secret: SecretBytes) throws(TokenAnswerError) {
        guard case .ec(let curve) = key.algorithm.family else { return }
        try TokenAnswers.require(length: secret.count, curve.coordinateByteCount, "a shared secret")
    }
}

extension Token {
    /// Performs ``AgreeCall``.
    package func agree(with publicKey: PublicKeyInfo, by key: VersionKey) async throws(TokenError) -> SecretBytes {
        try await perform(AgreeCall(with: publicKey, by: key))
    }
}
