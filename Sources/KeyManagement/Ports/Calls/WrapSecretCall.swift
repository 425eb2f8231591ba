package import SecretMemory

/// Wraps an externally created secret under the current root, as a generic secret for HMAC-SHA256. The secret is an object in
/// the token only during the call.
///
/// - Throws: ``TokenError/unsupported(_:)`` if the token wraps no secret of this length; AES-KW takes multiples of 8 bytes
///   only.
package struct WrapSecretCall: TokenCall {
    package let secret: SecretBytes

    package init(_ secret: SecretBytes) {
        self.secret = secret
    }

    package func perform(on token: some TokenOperations) async throws(TokenError) -> WrappedKey {
        try await token.wrapSecret(self)
    }

    package func check(_ wrapped: WrappedKey) throws(TokenAnswerError) {
        try TokenAnswers.check(wrapped)
    }
}

extension Token {
    /// Performs ``WrapSecretCall``.
    package func wrapSecret(_ secret: SecretBytes) async throws(TokenError) -> WrappedKey {
        try await perform(WrapSecretCall(secret))
    }
}
