/// A data key: the only key that leaves, once, to the caller who asked for it.
public struct DataKey: Sendable {
    /// The key itself; nil when the caller wanted the ciphertext only.
    public let plaintext: SecretBytes?
    /// The key encrypted, to be kept beside the data.
    public let ciphertext: Ciphertext
}

extension KeyService {
    /// Issues a data key of the token's random bytes, encrypted under the key's active version.
    ///
    /// - Parameter includesPlaintext: false for a data key that others will decrypt later.
    public func issueDataKey(
        under reference: KeyReference, spec: DataKeySpec = .aes256, context: EncryptionContext = .empty,
        includesPlaintext: Bool = true, by caller: Caller
    ) async throws(KMSError) -> DataKey {
        try caller.require(.issueDataKey)
        let version = try await versionToProduce(reference, for: caller)
        let additionalData = Ciphertext.additionalData(for: version.id, context: context)
        let (plaintext, box) = try await atToken { () throws(TokenError) in
            try await token.issueDataKey(byteCount: spec.byteCount, additionalData: additionalData, with: version)
        }
        return DataKey(
            plaintext: includesPlaintext ? plaintext : nil, ciphertext: Ciphertext(version: version.id, box: box))
    }
}
