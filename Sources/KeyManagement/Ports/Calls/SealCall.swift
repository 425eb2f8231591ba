/// Seals each message under the current root epoch: HMAC-SHA256, in order.
package struct SealCall: TokenCall {
    package let messages: [[UInt8]]

    package init(_ messages: [[UInt8]]) {
        self.messages = messages
    }

    package func perform(on token: some TokenOperations) async throws(TokenError) -> [Seal] {
        try await token.seal(self)
    }

    package func check(_ seals: [Seal]) throws(TokenAnswerError) {
        try TokenAnswers.require(seals.count, of: messages.count)
        for seal in seals { try TokenAnswers.require(length: seal.code.count, Seal.byteCount, "a seal") }
    }
}

extension Token {
    /// Performs ``SealCall``.
    package func seal(_ messages: [[UInt8]]) async throws(TokenError) -> [Seal] {
        try await perform(SealCall(messages))
    }
}
