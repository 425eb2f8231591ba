/// The input of a signature.
public enum SignatureInput: Sendable {
    /// A message of up to 64 KiB.
    case message([UInt8])
    /// The digest of a message.
    case digest([UInt8])

    fileprivate var message: Base64Bytes? { if case .message(let bytes) = self { Base64Bytes(bytes) } else { nil } }
    fileprivate var digest: Base64Bytes? { if case .digest(let bytes) = self { Base64Bytes(bytes) } else { nil } }
}

private struct SignBody: Encodable, Sendable {
    let message: Base64Bytes?
    let digest: Base64Bytes?
    let algorithm: String?
    let form: String?
}

private struct VerifyBody: Encodable, Sendable {
    let message: Base64Bytes?
    let digest: Base64Bytes?
    let signature: Base64Bytes
    let algorithm: String?
    let form: String?
    let version: UInt32?
}

private struct VerifyMACBody: Encodable, Sendable {
    let message: Base64Bytes
    let hmac: String
    let version: UInt32?
}

private struct AgreementBody: Encodable, Sendable {
    let publicKey: Base64Bytes
    let version: UInt32?
}

extension KMSRequest where Answer == SignAnswer {
    /// Signs a message or its digest.
    ///
    /// - Parameters:
    ///   - input: the message or its digest.
    ///   - key: the key's id, name or alias.
    ///   - algorithm: such as `ECDSA_SHA_256`; nil for the first algorithm of the key.
    ///   - form: the form of an ECDSA signature, `der` or `raw`; nil for DER.
    public static func sign(
        _ input: SignatureInput, with key: String, algorithm: String? = nil, form: String? = nil
    ) -> Self {
        Self(
            .post, APIPath.key(key) + "/sign",
            SignBody(message: input.message, digest: input.digest, algorithm: algorithm, form: form))
    }
}

extension KMSRequest where Answer == VerifyAnswer {
    /// Verifies a signature.
    ///
    /// - Parameters:
    ///   - signature: the signature's bytes.
    ///   - input: the message or its digest.
    ///   - key: the key's id, name or alias.
    ///   - algorithm: the algorithm that signed; nil for the first algorithm of the key.
    ///   - form: the form of an ECDSA signature, `der` or `raw`; nil for DER.
    ///   - version: the version that signed; nil for the default version.
    public static func verify(
        _ signature: [UInt8], over input: SignatureInput, with key: String, algorithm: String? = nil,
        form: String? = nil, version: UInt32? = nil
    ) -> Self {
        Self(
            .post, APIPath.key(key) + "/verify",
            VerifyBody(
                message: input.message, digest: input.digest, signature: Base64Bytes(signature), algorithm: algorithm,
                form: form, version: version))
    }

    /// Verifies the HMAC of a message.
    ///
    /// - Parameters:
    ///   - mac: the HMAC to verify.
    ///   - message: the message.
    ///   - key: the key's id, name or alias.
    ///   - version: the version that made it; nil for the default version.
    public static func verifyMAC(
        _ mac: [UInt8], of message: [UInt8], with key: String, version: UInt32? = nil
    ) -> Self {
        verifyMAC(text: Base64Bytes(mac).text, of: message, with: key, version: version)
    }

    /// Verifies an HMAC that is base64 already. The service refuses other text.
    package static func verifyMAC(text: String, of message: [UInt8], with key: String, version: UInt32?) -> Self {
        Self(
            .post, APIPath.key(key) + "/verify-hmac",
            VerifyMACBody(message: Base64Bytes(message), hmac: text, version: version))
    }
}

extension KMSRequest where Answer == MACAnswer {
    /// Makes the HMAC of a message of up to 64 KiB.
    public static func generateMAC(of message: [UInt8], with key: String) -> Self {
        Self(.post, APIPath.key(key) + "/hmac", ["message": Base64Bytes(message)])
    }
}

extension KMSRequest where Answer == AgreedSecretAnswer {
    /// Derives the secret that a key and another party's public key share (ECDH).
    ///
    /// - Parameters:
    ///   - key: the key's id, name or alias.
    ///   - publicKey: SubjectPublicKeyInfo in DER, on the curve of the key.
    ///   - version: the version whose public key the other party has; nil for the default version.
    public static func deriveSharedSecret(
        with key: String, publicKey: [UInt8], version: UInt32? = nil
    ) -> Self {
        Self(
            .post, APIPath.key(key) + "/derive-shared-secret",
            AgreementBody(publicKey: Base64Bytes(publicKey), version: version))
    }
}
