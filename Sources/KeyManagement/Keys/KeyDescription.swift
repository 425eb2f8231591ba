/// A free text about a key or another record: at most 1,024 bytes of UTF-8 by default, without control characters.
package struct KeyDescription: Hashable, Sendable {
    package var text: String { exact.text }
    private let exact: ExactText

    /// The maximum length of a description, in bytes of UTF-8.
    package static let maxLength = 1024

    package static let none = KeyDescription(known: "")

    /// The maximum length of a key's own description, which is what AWS KMS allows. The native API accepts ``maxLength``.
    package static let maxLengthOfKey = 8192

    /// Creates a description.
    ///
    /// - Parameters:
    ///   - text: the text.
    ///   - maxLength: the maximum number of bytes.
    /// - Throws: ``KMSError/invalidRequest(_:)`` if the text is too long or has control characters, which could manipulate an
    ///   operator's terminal.
    package init(_ text: String, maxLength: Int = Self.maxLength) throws(KMSError) {
        guard text.utf8.count <= maxLength else {
            throw .invalidRequest(
                "the description has \(text.utf8.count) bytes; at most \(maxLength) are allowed")
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
