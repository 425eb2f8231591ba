extension KeyService {
    /// The most bytes of plaintext that `encrypt` takes. Keys encrypt data keys and small secrets; files are encrypted by
    /// the caller, under a data key.
    public static let longestPlaintext = 4096

    /// Encrypts under the key's active version, in the token.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` for an empty plaintext or one of more than 4,096 bytes.
    public func encrypt(
        _ plaintext: SecretBytes, under reference: KeyReference, context: EncryptionContext = .empty, by caller: Caller
    ) async throws(KMSError) -> Ciphertext {
        try caller.require(.encrypt)
        guard (1...Self.longestPlaintext).contains(plaintext.count) else {
            throw .invalidRequest(
                "the plaintext has \(plaintext.count) bytes; 1 to \(Self.longestPlaintext) are allowed. "
                    + "Encrypt larger data under a data key")
        }
        let version = try await versionToProduce(reference, for: caller)
        let additionalData = Ciphertext.additionalData(for: version.id, context: context)
        let box = try await atToken { () throws(TokenError) in
            try await token.encrypt(plaintext, additionalData: additionalData, with: version)
        }
        return Ciphertext(version: version.id, box: box)
    }
}
