/// A data-key pair: its private half leaves once, to the caller who asked for it.
public struct DataKeyPair: Sendable {
    /// DER of a PKCS #8 PrivateKeyInfo; nil when the caller wanted the ciphertext only.
    public let privateKey: SecretBytes?
    /// The private half encrypted, to be kept.
    public let ciphertext: Ciphertext
    public let publicKey: PublicKeyInfo
}

extension KeyService {
    /// Issues a key pair that the token generates, its private half encrypted under the active version of an AES key.
    ///
    /// - Parameter algorithm: of the pair: RSA or EC.
    public func issueDataKeyPair(
        _ algorithm: KeyAlgorithm, under reference: KeyReference, context: EncryptionContext = .empty,
        includesPlaintext: Bool = true, by caller: Caller
    ) async throws(KMSError) -> DataKeyPair {
        try await perform(.issueDataKey, by: caller, context: context) { (act) throws(KMSError) in
            switch algorithm.family {
            case .rsa, .ec: break
            case .aes, .hmac, .ed25519:
                throw .invalidRequest("a data-key pair is of RSA or EC, not of \(algorithm.rawValue)")
            }
            try requireSupport(of: algorithm)
            // Asked before a pair is generated for nothing.
            let action: KeyAction = includesPlaintext ? .generateDataKeyPair : .generateDataKeyPairWithoutPlaintext
            let version = try await versionToEncrypt(try await authorize(reference, for: act.narrowed(to: action)))
            let pair = try await atToken { () throws(TokenError) in try await token.generateDataKeyPair(algorithm) }
            let data = Ciphertext.additionalData(for: version.id, context: context)
            let boxes = try await atToken { () throws(TokenError) in
                try await token.encrypt([Encryption(pair.privateKey, additionalData: data)], with: version)
            }
            return DataKeyPair(
                privateKey: includesPlaintext ? pair.privateKey : nil,
                ciphertext: Ciphertext(version: version.id, box: try boxes.only()), publicKey: pair.publicKey)
        }
    }
}
