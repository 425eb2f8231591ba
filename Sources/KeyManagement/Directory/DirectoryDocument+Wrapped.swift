extension DirectoryDocument {
    /// The key that is wrapped in the document; nil where there is none.
    public var wrapped: WrappedKey? { accessKey?.wrapped ?? stateKey?.wrapped }

    /// What the wrapped key in the document is, which decides how it is looked at after it was wrapped anew.
    var wrappedUse: (algorithm: KeyAlgorithm, usage: KeyUsage) {
        kind == .stateKey ? (.aes256GCM96, .encryptDecrypt) : (.hmacSHA256, .generateVerifyMAC)
    }

    /// Whether there was a key in the document that is no more.
    public var hasLostItsKey: Bool { accessKey.map { $0.wrapped == nil } ?? false }

    /// The owner of the wrapped key in the document; nil for a kind that has none.
    public var wrappedOwner: WrappedBlob.Owner? {
        accessKey.map { .accessKey($0.id) } ?? stateKey.map { .version($0.keptAs) }
    }

    private var accessKey: AccessKeyRecord? {
        kind == .accessKey ? AccessKeyRecord(canonical: content) : nil
    }

    private var stateKey: StateKeyRecord? {
        kind == .stateKey ? StateKeyRecord(canonical: content) : nil
    }

    /// The same document with its key wrapped anew, one revision later, so that nobody takes one for the other. A document without a
    /// key is returned as it is.
    public func rewrapped(_ wrapped: WrappedKey) -> DirectoryDocument {
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
