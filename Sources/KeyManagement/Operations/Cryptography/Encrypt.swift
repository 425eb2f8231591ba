import LibCrypto
package import SecretMemory

/// A plaintext to encrypt, and the context that its ciphertext is bound to.
package struct EncryptItem: Sendable {
    package let plaintext: SecretBytes
    package let context: EncryptionContext

    package init(plaintext: SecretBytes, context: EncryptionContext = .empty) {
        self.plaintext = plaintext
        self.context = context
    }
}

extension KeyService {
    /// The maximum number of bytes of plaintext for `encrypt`. Keys encrypt data keys and small secrets; files are encrypted by
    /// the caller, under a data key.
    package static let maxPlaintextLength = 4096

    /// Encrypts under the key's active version: in the token with AES, by its public key with RSA.
    ///
    /// - Parameters:
    ///   - plaintext: the bytes to encrypt.
    ///   - reference: the key, by id, name or alias.
    ///   - context: the encryption context that the ciphertext is bound to.
    ///   - padding: the padding for RSA keys; `nil` for OAEP with SHA-256.
    ///   - caller: the caller, with the project of the request.
    /// - Throws: ``KMSError/invalidRequest(_:)`` for an empty plaintext or one that is too long, a context with RSA, or a
    ///   padding with AES.
    package func encrypt(
        _ plaintext: SecretBytes, under reference: KeyReference, context: EncryptionContext = .empty,
        padding: AsymmetricEncryption? = nil, by caller: Caller
    ) async throws(KMSError) -> Ciphertext {
        try await withAudit(.encrypt, by: caller, context: context) { (operation) throws(KMSError) in
            try Self.checkLength(of: plaintext)
            let key = try await operation.find(reference)
            return try await seal(plaintext, under: key, context: context, padding)
        }
    }

    /// Encrypts one plaintext, after authorisation.
    func seal(
        _ plaintext: SecretBytes, under key: AuthorizedKey, context: EncryptionContext,
        _ padding: AsymmetricEncryption?
    ) async throws(KMSError) -> Ciphertext {
        try Self.checkLength(of: plaintext)
        let version = try key.usableVersion(to: .produce, usage: .encryptDecrypt)
        if case .rsa = version.algorithm.family, let record = key.version {
            guard context.isEmpty else {
                throw .invalidRequest("RSA binds a ciphertext to no encryption context; leave it out")
            }
            return try await encryptByPublicKey(plaintext, padding ?? .oaepSHA256, of: record)
        }
        guard padding == nil else { throw .invalidRequest("a padding is for RSA keys only") }
        try await key.reserve(1, of: version.id)
        let additionalData = Ciphertext.additionalData(for: version.id, context: context)
        let boxes = try await version.encrypt([Encryption(plaintext, additionalData: additionalData)])
        return Ciphertext(version: version.id, box: try boxes.only())
    }

    /// Encrypts up to 1,000 plaintexts under the active version of an AES key.
    package func encrypt(
        batch items: [EncryptItem], under reference: KeyReference, by caller: Caller
    ) async throws(KMSError) -> [ItemResult<Ciphertext>] {
        try await withAudit(.encrypt, by: caller) { (operation) throws(KMSError) in
            operation.recorder.note(items.lazy.map(\.context))
            try Batch.check(items.count)
            return try await seal(items, under: try await operation.find(reference, count: items.count))
        }
    }

    /// Encrypts several plaintexts, after authorisation.
    func seal(
        _ items: [EncryptItem], under key: AuthorizedKey
    ) async throws(KMSError) -> [ItemResult<Ciphertext>] {
        try Batch.check(items.count)
        let version = try await key.versionToEncrypt(count: items.count)
        let prepared = items.map { item in
            Result { () throws(KMSError) in
                try Self.checkLength(of: item.plaintext)
                let data = Ciphertext.additionalData(for: version.id, context: item.context)
                return (key: version, item: Encryption(item.plaintext, additionalData: data))
            }
        }
        return await Batch.run(prepared, for: key.operation) { (items, key) throws(KMSError) in
            let boxes = try await key.encrypt(items)
            return boxes.map { .success(Ciphertext(version: key.id, box: $0)) }
        }
    }

    private static func checkLength(of plaintext: SecretBytes) throws(KMSError) {
        guard (1...maxPlaintextLength).contains(plaintext.count) else {
            throw .invalidRequest(
                "the plaintext has \(plaintext.count) bytes; 1 to \(maxPlaintextLength) are allowed. "
                    + "Encrypt larger data under a data key")
        }
    }

    private func encryptByPublicKey(
        _ plaintext: SecretBytes, _ padding: AsymmetricEncryption, of version: VersionRecord
    ) async throws(KMSError) -> Ciphertext {
        let id = version.id
        let key = try await publicKeys.key(of: version)
        guard case .rsa(let bits) = key.kind else { throw .internalFailure("\(id) has no RSA key") }
        let maxLength = padding.maxPlaintextLength(modulusBits: bits)
        guard plaintext.count <= maxLength else {
            throw .invalidRequest(
                "the plaintext has \(plaintext.count) bytes; this key takes at most \(maxLength) with \(padding.rawValue)"
            )
        }
        let ciphertext = try await publicKeys.encryptOAEP(plaintext, with: key, hash: padding.hash.libCrypto)
        meters.note(produced: 1, of: id, at: clock.now)
        return Ciphertext(version: id, body: .rsa(padding, ciphertext))
    }
}

extension Array {
    /// Returns the only element of the answer to a single item.
    func only() throws(KMSError) -> Element {
        guard count == 1, let first else { throw .internalFailure("\(count) answers to one item") }
        return first
    }
}
