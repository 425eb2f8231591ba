/// Computes the full-length HMAC of each message.
package struct AuthenticateCall: TokenCall {
    package let messages: [[UInt8]]
    package let key: VersionKey

    package init(_ messages: [[UInt8]], with key: VersionKey) {
        self.messages = messages
        self.key = key
    }

    package var cacheEffect: VersionCacheEffect { .caches(key.id) }

    package func perform(on token: some TokenOperations) async throws(TokenError) -> [[UInt8]] {
        try await token.authenticate(self)
    }

    package func check(_ codes: [[UInt8]]) throws(TokenAnswerError) {
        try TokenAnswers.require(codes.count, of: messages.count)
        guard case .hmac(let hash) = key.algorithm.family else { return }
        for code in codes { try TokenAnswers.require(length: code.count, hash.byteCount, "a code") }
    }
}

extension Token {
    /// Performs ``AuthenticateCall``.
    package func authenticate(_ messages: [[UInt8]], with key: VersionKey) async throws(TokenError) -> [[UInt8]] {
        try await perform(AuthenticateCall(messages, with: key))
    }
}
