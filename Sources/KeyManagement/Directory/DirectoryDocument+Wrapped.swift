extension DirectoryDocument {
    /// The wrapped key in the document; `nil` if there is none.
    package var wrapped: WrappedKey? { accessKey?.wrapped ?? stateKey?.wrapped }

    /// The algorithm and usage of the wrapped key in the document, which decide how a rewrapped key is verified.
    var wrappedUse: (algorithm: KeyAlgorithm, usage: KeyUsage) {
        kind == .stateKey ? (.aes256GCM96, .encryptDecrypt) : (.hmacSHA256, .generateVerifyMAC)
    }

    /// True if the document had a wrapped key that was erased.
    package var hasLostItsKey: Bool { accessKey.map { $0.wrapped == nil } ?? false }

    /// The owner of the wrapped key in the document; `nil` for a kind that has none.
    package var wrappedOwner: WrappedBlob.Owner? {
        accessKey.map { .accessKey($0.id) } ?? stateKey.map { .version($0.keptAs) }
    }

    private var accessKey: AccessKeyRecord? {
        kind == .accessKey ? AccessKeyRecord(canonical: content) : nil
    }

    private var stateKey: StateKeyRecord? {
        kind == .stateKey ? StateKeyRecord(canonical: content) : nil
    }

    /// Returns the same document with a rewrapped key, one revision later, so that the two are distinguishable. A document
    /// without a key is returned unchanged.
    package func rewrapped(_ wrapped: WrappedKey) -> DirectoryDocument {
        if var record = accessKey, record.wrapped != nil {
            record.wrapped = wrapped
            record.revision += 1
            return record.document
        }
        if var record = stateKey {
            record.wrapped = wrapped
            record.revision += 1
            return record.document
        }
        return self
    }
}
