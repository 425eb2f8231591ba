public import SecretMemory

/// The size of a data key.
public struct DataKeySize: Sendable, Hashable {
    package let keySpec: String?
    package let bytes: Int?

    package init(keySpec: String? = nil, bytes: Int? = nil) {
        self.keySpec = keySpec
        self.bytes = bytes
    }

    public static let aes256 = DataKeySize(keySpec: "AES_256")
    public static let aes128 = DataKeySize(keySpec: "AES_128")

    /// A secret of 1 to 1024 bytes.
    public static func bytes(_ count: Int) -> DataKeySize { DataKeySize(bytes: count) }
}

private struct DataKeyBody: Encodable, Sendable {
    let keySpec: String?
    let bytes: Int?
    let context: NameValuePairs?
    let plaintext: Bool?
}

private struct DataKeyPairBody: Encodable, Sendable {
    let algorithm: String
    let context: NameValuePairs?
    let plaintext: Bool?
}

private struct EncryptBody: Encodable, Sendable {
    let plaintext: Base64Secret
    let context: NameValuePairs?
    let padding: String?
}

private struct DecryptBody: Encodable, Sendable {
    let ciphertext: String
    let context: NameValuePairs?
    let padding: String?
    let version: UInt32?
}

private struct ReEncryptBody: Encodable, Sendable {
    let ciphertext: String
    let sourceContext: NameValuePairs?
    let context: NameValuePairs?
}

extension NameValuePairs {
    /// The pairs as a member of a body, which is left out if there are none.
    fileprivate var ifAny: NameValuePairs? { isEmpty ? nil : self }
}

extension KMSRequest where Answer == DataKeyAnswer {
    /// Issues a data key: once in plaintext, and as a ciphertext to keep.
    ///
    /// - Parameters:
    ///   - key: the key's id, name or alias.
    ///   - size: the size of the data key.
    ///   - context: the pairs that the ciphertext is bound to.
    ///   - includesPlaintext: false for the ciphertext only, which another caller decrypts later.
    public static func issueDataKey(
        for key: String, size: DataKeySize = .aes256, context: NameValuePairs = [:], includesPlaintext: Bool = true
    ) -> Self {
        Self(
            .post, APIPath.key(key) + "/data-key",
            DataKeyBody(
                keySpec: size.keySpec, bytes: size.bytes, context: context.ifAny,
                plaintext: includesPlaintext ? nil : false))
    }
}

extension KMSRequest where Answer == DataKeyPairAnswer {
    /// Issues a key pair: its private half once in plaintext, and as a ciphertext to keep.
    ///
    /// - Parameters:
    ///   - key: the key's id, name or alias.
    ///   - algorithm: such as `EC-P256` or `RSA-3072`.
    ///   - context: the pairs that the ciphertext is bound to.
    ///   - includesPlaintext: false for the ciphertext only, which another caller decrypts later.
    public static func issueDataKeyPair(
        for key: String, algorithm: String, context: NameValuePairs = [:], includesPlaintext: Bool = true
    ) -> Self {
        Self(
            .post, APIPath.key(key) + "/data-key-pair",
            DataKeyPairBody(
                algorithm: algorithm, context: context.ifAny, plaintext: includesPlaintext ? nil : false))
    }
}

extension KMSRequest where Answer == EncryptAnswer {
    /// Encrypts up to 4096 bytes with a key.
    ///
    /// - Parameters:
    ///   - plaintext: the bytes to encrypt.
    ///   - key: the key's id, name or alias.
    ///   - context: the pairs that the ciphertext is bound to.
    ///   - padding: the padding of an RSA key; nil for the default.
    public static func encrypt(
        _ plaintext: SecretBytes, with key: String, context: NameValuePairs = [:], padding: String? = nil
    ) -> Self {
        Self(
            .post, APIPath.key(key) + "/encrypt",
            EncryptBody(plaintext: Base64Secret(plaintext), context: context.ifAny, padding: padding))
    }
}

extension KMSRequest where Answer == DecryptAnswer {
    /// Decrypts a ciphertext, which names its own key and version.
    ///
    /// - Parameters:
    ///   - ciphertext: the ciphertext as the service returned it.
    ///   - key: the key that must have made the ciphertext; nil for any key of the project.
    ///   - context: the pairs that the ciphertext is bound to.
    ///   - padding: for the bare ciphertext of an RSA key.
    ///   - version: for the bare ciphertext of an RSA key; nil for the default version.
    public static func decrypt(
        _ ciphertext: String, key: String? = nil, context: NameValuePairs = [:], padding: String? = nil,
        version: UInt32? = nil
    ) -> Self {
        Self(
            .post, key.map { APIPath.key($0) + "/decrypt" } ?? "/api/v1/decrypt",
            DecryptBody(ciphertext: ciphertext, context: context.ifAny, padding: padding, version: version))
    }
}

extension KMSRequest where Answer == ReEncryptAnswer {
    /// Makes a ciphertext under the default version of a key from another ciphertext. The plaintext stays in the service.
    public static func reEncrypt(
        _ ciphertext: String, under key: String, sourceContext: NameValuePairs = [:], context: NameValuePairs = [:]
    ) -> Self {
        Self(
            .post, APIPath.key(key) + "/re-encrypt",
            ReEncryptBody(ciphertext: ciphertext, sourceContext: sourceContext.ifAny, context: context.ifAny))
    }
}

extension KMSRequest where Answer == RandomAnswer {
    /// Reads 1 to 1024 bytes from the token's random generator.
    public static func random(byteCount: Int) -> Self { Self(.post, "/api/v1/random", ["bytes": byteCount]) }
}
