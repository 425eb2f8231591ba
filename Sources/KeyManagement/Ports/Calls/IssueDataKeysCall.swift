import SecretMemory

/// Generates random bytes for each order and encrypts them with an AES version key, in one visit to the token.
package struct IssueDataKeysCall: TokenCall {
    package let orders: [DataKeyOrder]
    package let key: VersionKey

    package init(_ orders: [DataKeyOrder], with key: VersionKey) {
        self.orders = orders
        self.key = key
    }

    package var cacheEffect: VersionCacheEffect { .caches(key.id) }

    package func perform(on token: some TokenOperations) async throws(TokenError) -> [TokenDataKey] {
        try await token.issueDataKeys(self)
    }

    package func check(_ dataKeys: [TokenDataKey]) throws(TokenAnswerError) {
        try TokenAnswers.require(dataKeys.count, of: orders.count)
        for (dataKey, order) in zip(dataKeys, orders) {
            try TokenAnswers.require(length: dataKey.plaintext.count, order.byteCount, "a data key")
            try TokenAnswers.check(dataKey.box, of: order.byteCount)
        }
        try TokenAnswers.checkNonces(dataKeys.map(\.box))
    }
}

extension Token {
    /// Performs ``IssueDataKeysCall``.
    package func issueDataKeys(
        _ orders: [DataKeyOrder], with key: VersionKey
    ) async throws(TokenError) -> [TokenDataKey] {
        try await perform(IssueDataKeysCall(orders, with: key))
    }
}
