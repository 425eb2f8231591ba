/// The effect on one object if an older copy replaces a store.
public struct StoreDifference: Hashable, Sendable {
    public enum Consequence: String, Sendable, CaseIterable {
        /// Created since the copy: data encrypted with it can no longer be decrypted.
        case lost
        /// Destroyed or deleted since the copy: it comes back, with its wrapped key.
        case comesBack
        /// Changed since the copy: it returns to its former state.
        case goesBack
    }

    public let consequence: Consequence
    /// The kind of the object: `key`, `version`, `alias`, or a kind of the directory.
    public let kind: String
    /// The key's id and, for a version, its number; or the name.
    public let name: String
    /// A description in words.
    public let detail: String

    public init(consequence: Consequence, kind: String, name: String, detail: String) {
        self.consequence = consequence
        self.kind = kind
        self.name = name
        self.detail = detail
    }
}
