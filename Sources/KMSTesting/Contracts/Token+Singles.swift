package import KeyManagement
package import SecretMemory

// Calls for one item at a time, for tests.
extension Token {
    package func generateWrappedKey(_ algorithm: KeyAlgorithm) async throws(TokenError) -> WrappedKey {
        try await generateKey(algorithm, for: algorithm.usages[0]).wrapped
    }

    package func encrypt(
        _ plaintext: SecretBytes, additionalData: [UInt8], with key: VersionKey
    ) async throws(TokenError) -> SealedBox {
        try await encrypt([Encryption(plaintext, additionalData: additionalData)], with: key)[0]
    }

    package func decrypt(
        _ box: SealedBox, additionalData: [UInt8], with key: VersionKey
    ) async throws(TokenError) -> SecretBytes {
        try await decrypt([Decryption(box, additionalData: additionalData)], with: key)[0].get()
    }

    package func issueDataKey(
        byteCount: Int, additionalData: [UInt8], with key: VersionKey
    ) async throws(TokenError) -> (plaintext: SecretBytes, box: SealedBox) {
        let order = DataKeyOrder(byteCount: byteCount, additionalData: additionalData)
        let dataKey = try await issueDataKeys([order], with: key)[0]
        return (dataKey.plaintext, dataKey.box)
    }
}

extension VersionKey {
    /// Creates a key with the first usage of its algorithm.
    package init(id: VersionID, algorithm: KeyAlgorithm, wrapped: WrappedKey) {
        self.init(id: id, algorithm: algorithm, usage: algorithm.usages[0], wrapped: wrapped)
    }
}
