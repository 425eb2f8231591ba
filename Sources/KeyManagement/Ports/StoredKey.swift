/// The version of a key to read along with it.
package enum VersionChoice: Hashable, Sendable {
    case none
    /// The default version, if there is one.
    case active
    case number(VersionNumber)
}

/// The rows of a key, read in one transaction. None of it is verified.
package struct StoredKey: Sendable, Equatable {
    package let key: Sealed<KeyRecord>
    /// The requested version, if it exists.
    package let version: Sealed<VersionRecord>?

    package init(key: Sealed<KeyRecord>, version: Sealed<VersionRecord>?) {
        self.key = key
        self.version = version
    }
}

/// A change of one key: the key in its new form, and the versions that change with it.
package struct KeyChange: Sendable {
    /// The key at its new revision, which is one more than the one in the store.
    package let key: Sealed<KeyRecord>
    /// Existing versions, at their new state counter, which is one more than the one in the store.
    package let updated: [Sealed<VersionRecord>]
    package let inserted: [Sealed<VersionRecord>]
    /// The answer to the request that makes the change, if the request is idempotent.
    package let answer: Sealed<IdempotentAnswer>?

    package init(
        key: Sealed<KeyRecord>, updated: [Sealed<VersionRecord>] = [], inserted: [Sealed<VersionRecord>] = [],
        answer: Sealed<IdempotentAnswer>? = nil
    ) {
        self.key = key
        self.updated = updated
        self.inserted = inserted
        self.answer = answer
    }
}
