/// Text that is compared, hashed and ordered by its UTF-8.
///
/// `String` compares by canonical equivalence: the composed and the decomposed form of a letter are one text to it. Text that a caller
/// chose, and that decides something, is held in this type wherever it is compared or is the key of a dictionary.
public struct ExactText: Hashable, Comparable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    public let text: String

    public init(_ text: some StringProtocol) {
        self.text = String(text)
    }

    public init(stringLiteral text: String) {
        self.text = text
    }

    public static func == (lhs: ExactText, rhs: ExactText) -> Bool { lhs.text.utf8.elementsEqual(rhs.text.utf8) }

    public static func < (lhs: ExactText, rhs: ExactText) -> Bool {
        lhs.text.utf8.lexicographicallyPrecedes(rhs.text.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        // No byte of UTF-8, so that texts in a row stay apart.
        hasher.combine(0xFF as UInt8)
    }

    public var description: String { text }
}

extension StringProtocol {
    /// Whether every byte is ASCII. Some other characters are canonically equivalent to one: U+212A to `K`, so text that `String` calls
    /// equal to a name of ours need not be that name.
    public var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }
}
