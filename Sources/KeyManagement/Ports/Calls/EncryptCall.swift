import SecretMemory

/// Encrypts with an AES version key, in one visit to the token. The token generates a nonce for each item.
package struct EncryptCall: TokenCall {
    package let items: [Encryption]
    package let key: VersionKey

    package init(_ items: [Encryption], with key: VersionKey) {
        self.items = items
        self.key = key
    }

    package var cacheEffect: VersionCacheEffect { .caches(key.id) }

    package func perform(on token: some TokenOperations) async throws(TokenError) -> [SealedBox] {
        try await token.encrypt(self)
    }

    package func check(_ boxes: [SealedBox]) throws(TokenAnswerError) {
        try TokenAnswers.require(boxes.count, of: items.count)
        for (box, item) in zip(boxes, items) { try TokenAnswers.check(box, of: item.plaintext.count) }
        try TokenAnswers.checkNonces(boxes)
    }
}

extension Token {
    /// Performs ``EncryptCall``.
    package func encrypt(_ items: [Encryption], with key: VersionKey) async throws(TokenError) -> [SealedBox] {
        try await perform(EncryptCall(items, with: key))
    }
}
