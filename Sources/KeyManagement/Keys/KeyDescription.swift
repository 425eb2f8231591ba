/// A free text about a key or another record: at most 1,024 bytes of UTF-8 by default, without control characters.
public struct KeyDescription: Hashable, Sendable {
    public var text: String { exact.text }
    private let exact: ExactText

    /// The maximum length of a description, in bytes of UTF-8.
    public static let longest = 1024

    public static let none = KeyDescription(known: "")

    /// The maximum length of a key's own description, which is what AWS KMS allows. The native API accepts ``longest``.
    public static let longestOfKey = 8192

    /// Creates a description.
    ///
    /// - Parameters:
    ///   - text: the text.
    ///   - longest: the maximum number of bytes.
    /// - Throws: ``KMSError/invalidRequest(_:)`` if the text is too long or has control characters, which could manipulate an
    ///   operator's terminal.
    public init(_ text: String, longest: Int = Self.longest) throws(KMSError) {
        guard text.utf8.count <= longest else {
            throw .invalidRequest(
                "the description has \(text.utf8.count) bytes; at most \(longest) are allowed")
        }
        guard Self.isPlain(text) else {
            throw .invalidRequest("the description has control characters")
        }
        exact = ExactText(text)
    }

    private init(known text: String) { exact = ExactText(text) }

    /// Returns true if a text has no characters that control a terminal or hide other characters.
    static func isPlain(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { !isControl($0) }
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
