/// What a ciphertext was made of, and by which version.
public struct Decrypted: Sendable {
    public let plaintext: SecretBytes
    public let version: VersionID
}

extension KeyService {
    /// Decrypts in the token. The ciphertext names its key and version.
    ///
    /// - Parameters:
    ///   - ciphertext: nil stands for something that is no ciphertext of ours; it fails as any other that is not authentic.
    ///   - reference: the key that must have made it; nil when any key of the caller's project may.
    /// - Throws: ``KMSError/decryptionFailed`` for whatever is wrong with ciphertext or context.
    public func decrypt(
        _ ciphertext: Ciphertext?, under reference: KeyReference? = nil, context: EncryptionContext = .empty,
        by caller: Caller
    ) async throws(KMSError) -> Decrypted {
        try caller.require(.decrypt)
        if let reference {
            let expected = try await key(reference, for: caller).id
            guard ciphertext?.version.key == expected else { throw .decryptionFailed }
        }
        guard let ciphertext else { throw .decryptionFailed }
        let version = try await versionToConsume(ciphertext.version, for: caller)
        let additionalData = Ciphertext.additionalData(for: version.id, context: context)
        let plaintext = try await atToken { () throws(TokenError) in
            try await token.decrypt(ciphertext.box, additionalData: additionalData, with: version)
        }
        return Decrypted(plaintext: plaintext, version: version.id)
    }
}
