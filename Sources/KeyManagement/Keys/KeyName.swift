/// The name of a key, unique within its project: 1 to 128 of `A–Z a–z 0–9 . _ -`, beginning with a letter or a digit.
///
/// Names stand in paths of the API and in file names, therefore no other characters; and a name never looks like a
/// key's id, therefore no UUID.
public struct KeyName: Hashable, Comparable, Sendable, CustomStringConvertible {
    private let exact: ExactText

    public var text: String { exact.text }

    /// The most characters that a name may have.
    public static let longest = 128

    /// - Throws: ``KMSError/invalidRequest(_:)`` with what is wrong about the text.
    public init(_ text: String) throws(KMSError) {
        guard !text.isEmpty else { throw .invalidRequest("the key name is empty") }
        guard text.utf8.count <= Self.longest else {
            throw .invalidRequest(
                "the key name has \(text.utf8.count) bytes; at most \(Self.longest) characters are allowed")
        }
        guard text.utf8.allSatisfy(Self.isAllowed), let first = text.utf8.first, Self.isLetterOrDigit(first) else {
            throw .invalidRequest(
                "the key name may have letters, digits, '.', '_' and '-' only, and begins with a letter or a digit")
        }
        guard KeyID(text) == nil else {
            throw .invalidRequest("the key name has the form of a key id; choose another")
        }
        exact = ExactText(text)
    }

    /// The most characters that an alias may have.
    public static let longestAlias = 250

    /// The name of an alias: one that a key could have, or 1 to 250 of `A–Z a–z 0–9 _ - /`, in any order, as AWS KMS has them. There
    /// are no dots between slashes: aliases stand in paths.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` with what is wrong about the text.
    public init(alias text: String) throws(KMSError) {
        guard (1...Self.longestAlias).contains(text.utf8.count) else {
            throw .invalidRequest("an alias has 1 to \(Self.longestAlias) characters, not \(text.utf8.count)")
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
                "an alias may have letters, digits, '_', '-' and '/' only, and '.' where it could be a key's name")
        }
        guard KeyID(text) == nil else {
            throw .invalidRequest("the alias has the form of a key id; choose another")
        }
        exact = ExactText(text)
    }

    public static func < (lhs: KeyName, rhs: KeyName) -> Bool {
        lhs.text.utf8.lexicographicallyPrecedes(rhs.text.utf8)
    }

    public var description: String { text }

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

/// How a caller names a key: by its id or by its name. The two never look alike.
public enum KeyReference: Hashable, Sendable, CustomStringConvertible {
    case id(KeyID)
    case name(KeyName)

    /// Reads what stands in a path: a UUID is an id, anything else a name.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` when it can be neither.
    public init(_ text: String) throws(KMSError) {
        if let id = KeyID(text) {
            self = .id(id)
        } else {
            self = .name(try KeyName(alias: text))
        }
    }

    public var description: String {
        switch self {
        case .id(let id): id.description
        case .name(let name): name.text
        }
    }
}
