import SecretMemory

/// Encrypts with an AES version key, in one visit to the token. The token generates a nonce for each item.
public struct EncryptCall: TokenCall {
    public let items: [Encryption]
    public let key: VersionKey

    public init(_ items: [Encryption], with key: VersionKey) {
        self.items = items
        self.key = key
    }

    public var cacheEffect: VersionCacheEffect { .caches(key.id) }

    public func perform(on token: some TokenOperations) async throws(TokenError) -> [SealedBox] {
        try await token.encrypt(self)
    }

    public func check(_ boxes: [SealedBox]) throws(TokenAnswerError) {
        try TokenAnswers.require(boxes.count, of: items.count)
        for (box, item) in zip(boxes, items) { try TokenAnswers.check(box, of: item.plaintext.count) }
        try TokenAnswers.checkNonces(boxes)
    }
}

extension Token {
    /// Performs ``EncryptCall``.
    public func encrypt(_ items: [Encryption], with key: VersionKey) async throws(TokenError) -> [SealedBox] {
        try await perform(EncryptCall(items, with: key))
    }
}
