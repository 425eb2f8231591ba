/// The reader of a ``CanonicalEncoding``.
///
/// It trusts nothing: wrong lengths, another domain, or unexpected fields make the whole unreadable.
struct CanonicalReader {
    private var fields: [(tag: UInt8, bytes: ArraySlice<UInt8>)] = []

    /// Reads the fields; `nil` if the bytes are not a record of this domain.
    init?(_ bytes: [UInt8], domain: String) {
        var rest = bytes[...]
        while let tag = rest.popFirst() {
            guard rest.count >= 4 else { return nil }
            let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            guard rest.count >= length else { return nil }
            fields.append((tag, rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        guard let first = fields.first, first.tag == 0, first.bytes.elementsEqual(domain.utf8) else { return nil }
    }

    func bytes(_ tag: UInt8) -> [UInt8]? {
        fields.first { $0.tag == tag }.map { Array($0.bytes) }
    }

    /// Returns all fields with a tag, in order.
    func all(_ tag: UInt8) -> [[UInt8]] {
        fields.filter { $0.tag == tag }.map { Array($0.bytes) }
    }

    func text(_ tag: UInt8) -> String? {
        fields.first { $0.tag == tag }.flatMap { String(validating: $0.bytes, as: UTF8.self) }
    }

    /// Returns all fields with a tag as texts, in order; `nil` if one is not a text.
    func texts(_ tag: UInt8) -> [String]? {
        var texts: [String] = []
        for field in fields where field.tag == tag {
            guard let text = String(validating: field.bytes, as: UTF8.self) else { return nil }
            texts.append(text)
        }
        return texts
    }

    func number<Number: FixedWidthInteger>(_ tag: UInt8, as type: Number.Type = Number.self) -> Number? {
        guard let bytes = bytes(tag), bytes.count == Number.bitWidth / 8 else { return nil }
        return bytes.reduce(0) { $0 << 8 | Number(truncatingIfNeeded: $1) }
    }

    func time(_ tag: UInt8) -> Timestamp? {
        number(tag, as: Int64.self).map { Timestamp(milliseconds: $0) }
    }
}
