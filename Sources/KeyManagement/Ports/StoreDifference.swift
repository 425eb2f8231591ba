/// The effect on one object if an older copy replaces a store.
package struct StoreDifference: Hashable, Sendable {
    package enum Consequence: String, Sendable, CaseIterable {
        /// Created since the copy: data encrypted with it can no longer be decrypted.
        case lost
        /// Destroyed or deleted since the copy: it comes back, with its wrapped key.
        case comesBack
        /// Changed since the copy: it returns to its former state.
        case goesBack
    }

    package let consequence: Consequence
    /// The kind of the object: `key`, `version`, `alias`, or a kind of the directory.
    package let kind: String
    /// The key's id and, for a version, its number; or the name.
    package let name: String
    /// A description in words.
    package let detail: String

    package init(consequence: Consequence, kind: String, name: String, detail: String) {
        self.consequence = consequence
        self.kind = kind
        self.name = name
        self.detail = detail
    }
}
