package import KeyManagement

extension TextPairs {
    /// Creates the pairs of a dictionary. For tests only: a dictionary loses one of two names that are canonically equivalent.
    package init(_ pairs: [String: String]) {
        self.init()
        for (name, value) in pairs { _ = insert(value, for: name) }
    }
}

extension EncryptionContext {
    package init(_ pairs: [String: String]) throws(KMSError) {
        try self.init(TextPairs(pairs))
    }
}

extension KeyTags {
    package init(_ pairs: [String: String]) throws(KMSError) {
        try self.init(TextPairs(pairs))
    }
}
