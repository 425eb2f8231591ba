package import SecretMemory

/// Decrypts the results of ``EncryptCall``, item by item. An item that is not authentic under this key and data is
/// ``TokenError/rejected`` in its place, whatever the reason.
package struct DecryptCall: TokenCall {
    package let items: [Decryption]
    package let key: VersionKey

    package init(_ items: [Decryption], with key: VersionKey) {
        self.items = items
        self.key = key
    }

    package var cacheEffect: VersionCacheEffect { .caches(key.id) }

    package func perform(on token: some TokenOperations) async throws(TokenError) -> [TokenResult<SecretBytes>] {
        try await token.decrypt(self)
    }

    package func check(_ results: [TokenResult<SecretBytes>]) throws(TokenAnswerError) {
        try TokenAnswers.require(results.count, of: items.count)
        for (result, item) in zip(results, items) {
            guard case .success(let plaintext) = result else { continue }
            let expected = item.box.ciphertextAndTag.count - SealedBox.tagLength
            try TokenAnswers.require(length: plaintext.count, expected, "a plaintext")
        }
    }
}

extension Token {
    /// Performs ``DecryptCall``.
    package func decrypt(
        _ items: [Decryption], with key: VersionKey
    ) async throws(TokenError) -> [TokenResult<SecretBytes>] {
        try await perform(DecryptCall(items, with: key))
    }
}
