/// Seals each message under the current root epoch: HMAC-SHA256, in order.
public struct SealCall: TokenCall {
    public let messages: [[UInt8]]

    public init(_ messages: [[UInt8]]) {
        self.messages = messages
    }

    public func perform(on token: some TokenOperations) async throws(TokenError) -> [Seal] {
        try await token.seal(self)
    }

    public func check(_ seals: [Seal]) throws(TokenAnswerError) {
        try TokenAnswers.require(seals.count, of: messages.count)
        for seal in seals { try TokenAnswers.require(length: seal.code.count, Seal.byteCount, "a seal") }
    }
}

extension Token {
    /// Performs ``SealCall``.
    public func seal(_ messages: [[UInt8]]) async throws(TokenError) -> [Seal] {
        try await perform(SealCall(messages))
    }
}
