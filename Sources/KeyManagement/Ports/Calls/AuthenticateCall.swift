/// Computes the full-length HMAC of each message.
public struct AuthenticateCall: TokenCall {
    public let messages: [[UInt8]]
    public let key: VersionKey

    public init(_ messages: [[UInt8]], with key: VersionKey) {
        self.messages = messages
        self.key = key
    }

    public var cacheEffect: VersionCacheEffect { .caches(key.id) }

    public func perform(on token: some TokenOperations) async throws(TokenError) -> [[UInt8]] {
        try await token.authenticate(self)
    }

    public func check(_ codes: [[UInt8]]) throws(TokenAnswerError) {
        try TokenAnswers.require(codes.count, of: messages.count)
        guard case .hmac(let hash) = key.algorithm.family else { return }
        for code in codes { try TokenAnswers.require(length: code.count, hash.byteCount, "a code") }
    }
}

extension Token {
    /// Performs ``AuthenticateCall``.
    public func authenticate(_ messages: [[UInt8]], with key: VersionKey) async throws(TokenError) -> [[UInt8]] {
        try await perform(AuthenticateCall(messages, with: key))
    }
}
