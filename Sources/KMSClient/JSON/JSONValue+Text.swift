import Encodings
import SecretMemory

extension JSONValue {
    /// Returns the value as JSON in UTF-8: without white space, or indented and with its members sorted by the bytes of their names.
    package func json(isPretty: Bool = false) -> [UInt8] {
        var text: [UInt8] = []
        // A text that does not grow leaves no copies of a secret behind.
        text.reserveCapacity(maxLength(isPretty: isPretty, depth: 0))
        write(to: &text, indent: isPretty ? 0 : nil)
        return text
    }

    /// Returns an upper bound of the length of the text, in bytes.
    private func maxLength(isPretty: Bool, depth: Int) -> Int {
        let space = isPretty ? 2 * depth + 8 : 2
        switch self {
        case .null, .flag: return 8
        case .number(let text): return text.utf8.count
        case .text(let text): return 6 * text.utf8.count + 2
        case .secret(let secret): return secret.count + 2
        case .list(let items):
            return items.reduce(2 * space) { $0 + $1.maxLength(isPretty: isPretty, depth: depth + 1) + space }
        case .object(let members):
            return members.reduce(2 * space) { length, member in
                length + 6 * member.name.utf8.count + 8 + space
                    + member.value.maxLength(isPretty: isPretty, depth: depth + 1)
            }
        }
    }

    /// Appends the value as JSON.
    ///
    /// - Parameter indent: the depth of the value; nil for no white space.
    private func write(to text: inout [UInt8], indent: Int?) {
        switch self {
        case .null: text += "null".utf8
        case .flag(let flag): text += (flag ? "true" : "false").utf8
        case .number(let number): text += number.utf8
        case .text(let string): Self.write(string, to: &text)
        case .secret(let secret):
            text.append(UInt8(ascii: "\""))
            secret.withUnsafeBytes { text += $0 }
            text.append(UInt8(ascii: "\""))
        case .list(let items):
            Self.write(items, between: "[", "]", to: &text, indent) { item, text, indent in
                item.write(to: &text, indent: indent)
            }
        case .object(let members):
            let shown =
                indent == nil ? members : members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            Self.write(shown, between: "{", "}", to: &text, indent) { member, text, indent in
                Self.write(member.name, to: &text)
                text += (indent == nil ? ":" : " : ").utf8
                member.value.write(to: &text, indent: indent)
            }
        }
    }

    private static func write<Item>(
        _ items: [Item], between open: String, _ close: String, to text: inout [UInt8], _ indent: Int?,
        _ body: (Item, inout [UInt8], Int?) -> Void
    ) {
        text += open.utf8
        let inner = indent.map { $0 + 1 }
        for (index, item) in items.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            startLine(in: &text, depth: inner)
            body(item, &text, inner)
        }
        if items.isEmpty, indent != nil { text.append(UInt8(ascii: "\n")) }
        startLine(in: &text, depth: indent)
        text += close.utf8
    }

    private static func startLine(in text: inout [UInt8], depth: Int?) {
        guard let depth else { return }
        text.append(UInt8(ascii: "\n"))
        text += repeatElement(UInt8(ascii: " "), count: 2 * depth)
    }

    private static func write(_ string: String, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""): text += "\\\"".utf8
            case UInt8(ascii: "\\"): text += "\\\\".utf8
            case UInt8(ascii: "\n"): text += "\\n".utf8
            case UInt8(ascii: "\r"): text += "\\r".utf8
            case UInt8(ascii: "\t"): text += "\\t".utf8
            case 0..<0x20: text += "\\u00\(Hexadecimal.text([byte]))".utf8
            default: text.append(byte)
            }
        }
        text.append(UInt8(ascii: "\""))
    }
}
