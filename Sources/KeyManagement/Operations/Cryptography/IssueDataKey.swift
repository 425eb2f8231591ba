package import SecretMemory

/// A data key: the only key that leaves, once, to the caller who requested it.
package struct DataKey: Sendable {
    /// The key itself; `nil` if the caller wanted the ciphertext only.
    package let plaintext: SecretBytes?
    /// The encrypted key, to be kept with the data.
    package let ciphertext: Ciphertext
}

/// A request for a data key.
package struct DataKeyItem: Sendable {
    package let spec: DataKeySpec
    package let context: EncryptionContext
    /// True if the answer includes the plaintext. False for a data key that others will decrypt later.
    package let includesPlaintext: Bool

    package init(spec: DataKeySpec = .aes256, context: EncryptionContext = .empty, includesPlaintext: Bool = true) {
        self.spec = spec
        self.context = context
        self.includesPlaintext = includesPlaintext
    }
}

extension KeyService {
    /// Issues a data key from the token's random bytes, encrypted under the active version of an AES key.
    ///
    /// - Parameters:
    ///   - reference: the key, by id, name or alias.
    ///   - spec: the size of the data key.
    ///   - context: the encryption context that its ciphertext is bound to.
    ///   - includesPlaintext: false for a data key that others will decrypt later.
    ///   - caller: the caller, with the project of the request.
    package func issueDataKey(
        under reference: KeyReference, spec: DataKeySpec = .aes256, context: EncryptionContext = .empty,
        includesPlaintext: Bool = true, by caller: Caller
    ) async throws(KMSError) -> DataKey {
        try await withAudit(.issueDataKey, by: caller, context: context) { (operation) throws(KMSError) in
            let action: KeyAction = includesPlaintext ? .generateDataKey : .generateDataKeyWithoutPlaintext
            let version = try await operation.narrowed(to: action).find(reference).versionToEncrypt()
            let item = DataKeyItem(spec: spec, context: context, includesPlaintext: includesPlaintext)
            return try await issue([item], with: version).only().get()
        }
    }

    /// Issues up to 1,000 data keys.
    package func issueDataKeys(
        batch items: [DataKeyItem], under reference: KeyReference, by caller: Caller
    ) async throws(KMSError) -> [ItemResult<DataKey>] {
        try await withAudit(.issueDataKey, by: caller) { (operation) throws(KMSError) in
            try Batch.check(items.count)
            let key = try await operation.find(reference, count: items.count)
            let version = try await key.versionToEncrypt(count: items.count)
            operation.recorder.note(items.lazy.map(\.context))
            return await Batch.run(items.map { .success((key: version, item: $0)) }, for: operation) {
                (items, key) throws(KMSError) in
                try await issue(items, with: key)
            }
        }
    }

    private func issue(
        _ items: [DataKeyItem], with version: UsableVersion
    ) async throws(KMSError) -> [ItemResult<DataKey>] {
        let orders = items.map {
            DataKeyOrder(
                byteCount: $0.spec.byteCount,
                additionalData: Ciphertext.additionalData(for: version.id, context: $0.context))
        }
        let issued = try await version.issueDataKeys(orders)
        return zip(items, issued).map { item, dataKey in
            .success(
                DataKey(
                    plaintext: item.includesPlaintext ? dataKey.plaintext : nil,
                    ciphertext: Ciphertext(version: version.id, box: dataKey.box)))
        }
    }
}
