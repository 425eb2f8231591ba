public import SecretMemory

/// The two operations of the service that envelope encryption needs.
public protocol DataKeySource: Sendable {
    func issueDataKey(
        for key: String, size: DataKeySize, context: NameValuePairs
    ) async throws(KMSClientError) -> DataKeyAnswer

    /// Decrypts the ciphertext of a data key that `key` made.
    func decrypt(
        _ ciphertext: String, key: String?, context: NameValuePairs
    ) async throws(KMSClientError) -> SecretBytes
}

extension KMSClient: DataKeySource {}
