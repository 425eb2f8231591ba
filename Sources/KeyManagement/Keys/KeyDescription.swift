/// What people say of a key: free text of at most 1,024 bytes of UTF-8, without control characters.
public struct KeyDescription: Hashable, Sendable {
    public var text: String { exact.text }
    private let exact: ExactText

    /// The most bytes of UTF-8 that a description may have.
    public static let longest = 1024

    public static let none = KeyDescription(known: "")

    /// The most that a key's own description may have, which is what AWS KMS allows; the native API takes ``longest``.
    public static let longestOfKey = 8192

    /// - Parameter longest: how many bytes there may be.
    /// - Throws: ``KMSError/invalidRequest(_:)`` when the text is too long or has control characters (they would
    ///   let a description play tricks on an operator's terminal).
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

    /// Whether a text has no characters that drive a terminal or hide others.
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
