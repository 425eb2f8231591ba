public import SecretMemory

/// Wraps an externally created secret under the current root, as a generic secret for HMAC-SHA256. The secret is an object in
/// the token only during the call.
///
/// - Throws: ``TokenError/unsupported(_:)`` if the token wraps no secret of this length; AES-KW takes multiples of 8 bytes
///   only.
public struct WrapSecretCall: TokenCall {
    public let secret: SecretBytes

    public init(_ secret: SecretBytes) {
        self.secret = secret
    }

    public func perform(on token: some TokenOperations) async throws(TokenError) -> WrappedKey {
        try await token.wrapSecret(self)
    }

    public func check(_ wrapped: WrappedKey) throws(TokenAnswerError) {
        try TokenAnswers.check(wrapped)
    }
}

extension Token {
    /// Performs ``WrapSecretCall``.
    public func wrapSecret(_ secret: SecretBytes) async throws(TokenError) -> WrappedKey {
        try await perform(WrapSecretCall(secret))
    }
}
