/// A text that is compared, hashed and ordered by its UTF-8.
///
/// `String` compares by canonical equivalence: the composed and the decomposed form of a letter are equal. Text that a caller
/// chose and that affects decisions must have this type wherever it is compared or is the key of a dictionary.
package struct ExactText: Hashable, Comparable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    package let text: String

    package init(_ text: some StringProtocol) {
        self.text = String(text)
    }

    package init(stringLiteral text: String) {
        self.text = text
    }

    package static func == (lhs: ExactText, rhs: ExactText) -> Bool { lhs.text.utf8.elementsEqual(rhs.text.utf8) }

    package static func < (lhs: ExactText, rhs: ExactText) -> Bool {
        lhs.text.utf8.lexicographicallyPrecedes(rhs.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        // This byte does not occur in UTF-8, so that consecutive texts stay separate.
        hasher.combine(0xFF as UInt8)
    }

    package var description: String { text }
}

extension StringProtocol {
    /// True if every byte is ASCII. Some other characters are canonically equivalent to an ASCII one, such as U+212A to `K`. So
    /// a text that `String` considers equal to a known name may differ from it.
    package var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }
}
