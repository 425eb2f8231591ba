public import KeyManagement

extension TextPairs {
    /// The pairs of a dictionary. Only for tests: a dictionary has lost one of two names that are canonically equivalent.
    public init(_ pairs: [String: String]) {
        self.init()
        for (name, value) in pairs { _ = insert(value, for: name) }
    }
}

extension EncryptionContext {
    public init(_ pairs: [String: String]) throws(KMSError) {
        try self.init(TextPairs(pairs))
    }
}

extension KeyTags {
    public init(_ pairs: [String: String]) throws(KMSError) {
        try self.init(TextPairs(pairs))
    }
}
