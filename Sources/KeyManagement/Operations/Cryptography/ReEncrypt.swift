/// A ciphertext to re-encrypt.
package struct ReEncryptItem: Sendable {
    /// The ciphertext; `nil` for input that is not a ciphertext of this service.
    package let ciphertext: Ciphertext?
    /// The context that it is bound to now.
    package let sourceContext: EncryptionContext
    /// The context that the new ciphertext will be bound to.
    package let context: EncryptionContext

    package init(
        ciphertext: Ciphertext?, sourceContext: EncryptionContext = .empty, context: EncryptionContext = .empty
    ) {
        self.ciphertext = ciphertext
        self.sourceContext = sourceContext
        self.context = context
    }
}

/// A new ciphertext, and the version that made the previous one.
package struct ReEncrypted: Sendable {
    package let source: VersionID
    package let ciphertext: Ciphertext
}

extension KeyService {
    /// Decrypts a ciphertext of this service and encrypts the plaintext under a key's active version. The plaintext never
    /// leaves the service.
    ///
    /// - Parameters:
    ///   - item: the ciphertext, and its contexts before and after.
    ///   - source: the key that must have made the ciphertext; `nil` if any key of the project may have made it.
    ///   - reference: the key to encrypt under.
    ///   - padding: the padding for RSA keys; `nil` for OAEP with SHA-256.
    ///   - caller: the caller, with the project of the request.
    package func reEncrypt(
        _ item: ReEncryptItem, from source: KeyReference? = nil, under reference: KeyReference,
        padding: AsymmetricEncryption? = nil, by caller: Caller
    ) async throws(KMSError) -> ReEncrypted {
        try await withAudit(.reEncrypt, by: caller, context: item.context) { (operation) throws(KMSError) in
            let from = operation.narrowed(to: .reEncryptFrom, context: item.sourceContext)
            let expected = try await from.findExpected(source)
            let key = try await operation.narrowed(to: .reEncryptTo, context: item.context).find(reference)
            let opened = try await open(
                DecryptItem(ciphertext: item.ciphertext, context: item.sourceContext), under: expected, for: from)
            operation.recorder.note { $0.details["source"] = opened.version.description }
            let ciphertext = try await seal(opened.plaintext, under: key, context: item.context, padding)
            return ReEncrypted(source: opened.version, ciphertext: ciphertext)
        }
    }

    /// Re-encrypts up to 1,000 ciphertexts under an AES key.
    package func reEncrypt(
        batch items: [ReEncryptItem], under reference: KeyReference, by caller: Caller
    ) async throws(KMSError) -> [ItemResult<ReEncrypted>] {
        try await withAudit(.reEncrypt, by: caller) { (operation) throws(KMSError) in
            operation.recorder.note(items.lazy.map(\.context))
            try Batch.check(items.count)
            let key = try await operation.find(reference, count: items.count)
            let opened = try await open(
                items.map { DecryptItem(ciphertext: $0.ciphertext, context: $0.sourceContext) }, under: nil,
                for: operation)
            var plaintexts: [EncryptItem] = []
            for (item, result) in zip(items, opened) {
                if case .success(let decrypted) = result {
                    plaintexts.append(EncryptItem(plaintext: decrypted.plaintext, context: item.context))
                }
            }
            var ciphertexts: [ItemResult<Ciphertext>] = []
            if !plaintexts.isEmpty {
                ciphertexts = try await seal(plaintexts, under: key).reversed()
            }
            return opened.map { result in
                result.flatMap { decrypted in
                    guard let ciphertext = ciphertexts.popLast() else {
                        return .failure(.internalFailure("an item of a batch has no answer"))
                    }
                    return ciphertext.map { ReEncrypted(source: decrypted.version, ciphertext: $0) }
                }
            }
        }
    }
}
