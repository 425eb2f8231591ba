/// Reads DER strictly: definite, shortest lengths, and every byte accounted for. Every error returns nil.
struct DERReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: some Sequence<UInt8>) {
        rest = Array(bytes)[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    /// Returns the content of the next element, if it has this tag.
    mutating func element(_ tag: UInt8) -> ArraySlice<UInt8>? {
        guard rest.popFirst() == tag, let first = rest.popFirst() else { return nil }
        var length = Int(first)
        if first >= 0x80 {
            let count = Int(first & 0x7F)
            // Two length bytes suffice for all structures read here.
            guard (1...2).contains(count), rest.count >= count else { return nil }
            length = rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(count)
            guard length >= (count == 1 ? 0x80 : 0x100) else { return nil }
        }
        guard rest.count >= length else { return nil }
        defer { rest = rest.dropFirst(length) }
        return rest.prefix(length)
    }

    mutating func sequence() -> DERReader? { element(0x30).map { DERReader($0) } }

    /// Returns the magnitude of a non-negative integer in its shortest form, without leading zeros; empty for 0.
    mutating func integer() -> [UInt8]? {
        guard let digits = element(0x02), let first = digits.first, first < 0x80 else { return nil }
        guard first == 0 else { return Array(digits) }
        // A leading zero is allowed only where the number would otherwise be negative.
        guard digits.count > 1 else { return [] }
        return digits[digits.startIndex + 1] >= 0x80 ? Array(digits.dropFirst()) : nil
    }

    /// Returns the bytes of a bit string without unused bits.
    mutating func bitString() -> [UInt8]? {
        guard let content = element(0x03), content.first == 0 else { return nil }
        return Array(content.dropFirst())
    }
}
