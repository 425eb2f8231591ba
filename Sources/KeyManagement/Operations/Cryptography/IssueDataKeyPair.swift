package import SecretMemory

/// A data-key pair. Its private key leaves once, to the caller who requested it.
package struct DataKeyPair: Sendable {
    /// The private key as DER of a PKCS #8 PrivateKeyInfo; `nil` if the caller wanted the ciphertext only.
    package let privateKey: SecretBytes?
    /// The encrypted private key, to be kept.
    package let ciphertext: Ciphertext
    package let publicKey: PublicKeyInfo
}

extension KeyService {
    /// Issues a key pair that the token generates, with its private key encrypted under the active version of an AES key.
    ///
    /// - Parameters:
    ///   - algorithm: the algorithm of the pair: RSA or EC.
    ///   - reference: the key, by id, name or alias.
    ///   - context: the encryption context that its ciphertext is bound to.
    ///   - includesPlaintext: false for a private key that others will decrypt later.
    ///   - caller: the caller, with the project of the request.
    package func issueDataKeyPair(
        _ algorithm: KeyAlgorithm, under reference: KeyReference, context: EncryptionContext = .empty,
        includesPlaintext: Bool = true, by caller: Caller
    ) async throws(KMSError) -> DataKeyPair {
        try await withAudit(.issueDataKey, by: caller, context: context) { (operation) throws(KMSError) in
            switch algorithm.family {
            case .rsa, .ec: break
            case .aes, .hmac, .ed25519:
                throw .invalidRequest("a data-key pair is of RSA or EC, not of \(algorithm.rawValue)")
            }
            try requireSupport(of: algorithm)
            // Authorise first, so that no pair is generated for nothing.
            let action: KeyAction = includesPlaintext ? .generateDataKeyPair : .generateDataKeyPairWithoutPlaintext
            let version = try await operation.narrowed(to: action).find(reference).versionToEncrypt()
            let pair = try await atToken { () throws(TokenError) in
                try await operation.token.generateDataKeyPair(algorithm)
            }
            let data = Ciphertext.additionalData(for: version.id, context: context)
            let boxes = try await version.encrypt([Encryption(pair.privateKey, additionalData: data)])
            return DataKeyPair(
                privateKey: includesPlaintext ? pair.privateKey : nil,
                ciphertext: Ciphertext(version: version.id, box: try boxes.only()), publicKey: pair.publicKey)
        }
    }
}
