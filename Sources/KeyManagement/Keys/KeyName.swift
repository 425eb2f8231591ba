/// The name of a key, unique within its project: 1 to 128 of `A–Z a–z 0–9 . _ -`, beginning with a letter or a digit.
///
/// Names appear in paths of the API and in file names, so other characters are not allowed. A name is never a UUID, so it
/// cannot be mistaken for a key's id.
package struct KeyName: Hashable, Comparable, Sendable, CustomStringConvertible {
    private let exact: ExactText

    package var text: String { exact.text }

    /// The maximum number of characters of a name.
    package static let maxLength = 128

    /// Creates a name.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)``, which states the defect of the text.
    package init(_ text: String) throws(KMSError) {
        guard !text.isEmpty else { throw .invalidRequest("the key name is empty") }
        guard text.utf8.count <= Self.maxLength else {
            throw .invalidRequest(
                "the key name has \(text.utf8.count) bytes; at most \(Self.maxLength) characters are allowed")
        }
        guard text.utf8.allSatisfy(Self.isAllowed), let first = text.utf8.first, Self.isLetterOrDigit(first) else {
            throw .invalidRequest(
                "the key name must contain only letters, digits, '.', '_' and '-', and begin with a letter or a digit")
        }
        guard KeyID(text) == nil else {
            throw .invalidRequest("the key name has the form of a key id; choose another")
        }
        exact = ExactText(text)
    }

    /// The maximum number of characters of an alias.
    package static let maxAliasLength = 250

    /// Creates the name of an alias: a valid key name, or 1 to 250 of `A–Z a–z 0–9 _ - /`, in any order, as in AWS KMS.
    ///
    /// Dots between slashes are not allowed, because aliases appear in paths.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)``, which states the defect of the text.
    package init(alias text: String) throws(KMSError) {
        guard (1...Self.maxAliasLength).contains(text.utf8.count) else {
            throw .invalidRequest("an alias has 1 to \(Self.maxAliasLength) characters, not \(text.utf8.count)")
        }
        if let name = try? KeyName(text) {
            self = name
            return
        }
        guard
            text.utf8.allSatisfy({
                $0 == UInt8(ascii: "/") || (Self.isAllowed($0) && $0 != UInt8(ascii: "."))
            })
        else {
            throw .invalidRequest(
                "an alias must contain only letters, digits, '_', '-' and '/', and '.' if it could be a key's name")
        }
        guard KeyID(text) == nil else {
            throw .invalidRequest("the alias has the form of a key id; choose another")
        }
        exact = ExactText(text)
    }

    package static func < (lhs: KeyName, rhs: KeyName) -> Bool {
        lhs.text.utf8.lexicographicallyPrecedes(rhs.text.utf8)
    }

    package var description: String { text }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}

/// A caller's reference to a key: its id or its name. The two are always distinguishable.
package enum KeyReference: Hashable, Sendable, CustomStringConvertible {
    case id(KeyID)
    case name(KeyName)

    /// Reads a reference from a path: a UUID is an id, any other text a name.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` if it can be neither.
    package init(_ text: String) throws(KMSError) {
        if let id = KeyID(text) {
            self = .id(id)
        } else {
            self = .name(try KeyName(alias: text))
        }
    }

    package var description: String {
        switch self {
        case .id(let id): id.description
        case .name(let name): name.text
        }
    }
}
