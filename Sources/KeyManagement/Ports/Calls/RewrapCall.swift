/// Wraps keys under the latest roots, inside the token, and verifies that each result is the same key.
///
/// - Throws: ``TokenError/unwrapFailed(_:)`` if one of them cannot be unwrapped.
package struct RewrapCall: TokenCall {
    package let keys: [KeyToRewrap]

    package init(_ keys: [KeyToRewrap]) {
        self.keys = keys
    }

    package func perform(on token: some TokenOperations) async throws(TokenError) -> [WrappedKey] {
        try await token.rewrap(self)
    }

    package func check(_ rewrapped: [WrappedKey]) throws(TokenAnswerError) {
        try TokenAnswers.require(rewrapped.count, of: keys.count)
        for (new, old) in zip(rewrapped, keys) {
            try TokenAnswers.check(new)
            try TokenAnswers.require(new.epoch >= old.wrapped.epoch, "a key under an earlier root")
        }
    }
}

extension Token {
    /// Performs ``RewrapCall``.
    package func rewrap(_ keys: [KeyToRewrap]) async throws(TokenError) -> [WrappedKey] {
        try await perform(RewrapCall(keys))
    }
}
