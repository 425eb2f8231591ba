public import SecretMemory

// The verbs of programs. Any other verb is sent as a ``KMSRequest``.

extension KMSClient {
    /// Issues a data key: once in plaintext, and as a ciphertext to keep.
    ///
    /// - Parameters:
    ///   - key: the key's id, name or alias.
    ///   - size: the size of the data key.
    ///   - context: the pairs that the ciphertext is bound to.
    public func issueDataKey(
        for key: String, size: DataKeySize = .aes256, context: NameValuePairs = [:]
    ) async throws(KMSClientError) -> DataKeyAnswer {
        try await send(.issueDataKey(for: key, size: size, context: context))
    }

    /// Encrypts up to 4096 bytes with a key.
    public func encrypt(
        _ plaintext: SecretBytes, with key: String, context: NameValuePairs = [:]
    ) async throws(KMSClientError) -> EncryptAnswer {
        try await send(.encrypt(plaintext, with: key, context: context))
    }

    /// Decrypts a ciphertext of a key or of a data key.
    ///
    /// - Parameters:
    ///   - ciphertext: the ciphertext as the service returned it.
    ///   - key: the key that must have made the ciphertext; nil for any key of the project.
    ///   - context: the pairs that the ciphertext is bound to.
    public func decrypt(
        _ ciphertext: String, key: String? = nil, context: NameValuePairs = [:]
    ) async throws(KMSClientError) -> SecretBytes {
        try await send(.decrypt(ciphertext, key: key, context: context)).plaintext.bytes
    }

    /// Makes a ciphertext under the default version of a key from another ciphertext.
    public func reEncrypt(
        _ ciphertext: String, under key: String, sourceContext: NameValuePairs = [:], context: NameValuePairs = [:]
    ) async throws(KMSClientError) -> ReEncryptAnswer {
        try await send(.reEncrypt(ciphertext, under: key, sourceContext: sourceContext, context: context))
    }

    /// Signs a message or its digest.
    public func sign(
        _ input: SignatureInput, with key: String, algorithm: String? = nil
    ) async throws(KMSClientError) -> [UInt8] {
        try await send(.sign(input, with: key, algorithm: algorithm)).signature.bytes
    }

    /// Returns true if a signature is valid.
    public func verify(
        _ signature: [UInt8], over input: SignatureInput, with key: String, algorithm: String? = nil,
        version: UInt32? = nil
    ) async throws(KMSClientError) -> Bool {
        try await send(.verify(signature, over: input, with: key, algorithm: algorithm, version: version)).valid
    }

    /// Makes the HMAC of a message.
    public func generateMAC(of message: [UInt8], with key: String) async throws(KMSClientError) -> [UInt8] {
        try await send(.generateMAC(of: message, with: key)).hmac.bytes
    }

    /// Returns true if an HMAC is valid.
    public func verifyMAC(
        _ mac: [UInt8], of message: [UInt8], with key: String, version: UInt32? = nil
    ) async throws(KMSClientError) -> Bool {
        try await send(.verifyMAC(mac, of: message, with: key, version: version)).valid
    }

    /// Reads the public key of a version; of the default version if none is given.
    public func publicKey(of key: String, version: UInt32? = nil) async throws(KMSClientError) -> PublicKeyAnswer {
        try await send(.publicKey(of: key, version: version))
    }

    /// Reads 1 to 1024 bytes from the token's random generator.
    public func random(byteCount: Int) async throws(KMSClientError) -> SecretBytes {
        try await send(.random(byteCount: byteCount)).plaintext.bytes
    }
}

extension KMSClient {
    /// Creates a key.
    ///
    /// - Parameters:
    ///   - key: the name and the properties of the new key.
    ///   - idempotencyKey: see ``KMSRequest/idempotencyKey``.
    @discardableResult
    public func createKey(
        _ key: NewKey, idempotencyKey: String? = nil
    ) async throws(KMSClientError) -> KeyChangeAnswer {
        try await send(.createKey(key, idempotencyKey: idempotencyKey))
    }

    /// Describes a key, by name, alias or id.
    public func describeKey(_ key: String) async throws(KMSClientError) -> KeyAnswer {
        try await send(.describeKey(key))
    }

    /// Lists keys of the project by name.
    public func listKeys(
        _ filter: KeyFilter = KeyFilter(), page: ListPage = ListPage()
    ) async throws(KMSClientError) -> KeyPageAnswer {
        try await send(.listKeys(filter, page: page))
    }

    /// Makes a new version of a key, which becomes the default one.
    @discardableResult
    public func rotateKey(
        _ key: String, _ options: ChangeOptions = ChangeOptions()
    ) async throws(KMSClientError) -> KeyChangeAnswer {
        try await send(.rotateKey(key, options))
    }
}
