import Encodings
import FoundationEssentials
import JSONText
public import KeyManagement

/// Any JSON value. Members keep their order and their exact names. Names are compared byte by byte, because a dictionary would lose one of
/// two names that are canonically equivalent.
enum JSONValue {
    struct Member {
        let name: String
        let value: JSONValue
    }

    case null
    case flag(Bool)
    /// The number as written in the text.
    case number(String)
    case text(String)
    case list([JSONValue])
    case object([Member])

    /// Reads a JSON text strictly. A duplicate member, or bytes that are not UTF-8, are refused.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)``
    init(json: Data) throws(KMSError) {
        let read = try JSONReader.read(bytes: Array(json)) { (reader) throws(KMSError) in try reader.node(depth: 32) }
        self = try JSONValue(read.value, read.reader)
    }

    private init(_ node: JSONNode, _ reader: JSONReader) throws(KMSError) {
        switch node {
        case .null: self = .null
        case .flag(let flag): self = .flag(flag)
        case .number(let text): self = .number(text)
        case .text(let string):
            guard let text = try reader.text(of: string) else { throw .invalidRequest("a text is not UTF-8") }
            self = .text(text)
        case .list(let items):
            var list: [JSONValue] = []
            for item in items { list.append(try JSONValue(item, reader)) }
            self = .list(list)
        case .object(let members):
            var object: [Member] = []
            for member in members {
                object.append(Member(name: member.name, value: try JSONValue(member.value, reader)))
            }
            self = .object(object)
        }
    }

    /// Returns the value of a member, by the bytes of its name; nil if there is none.
    func member(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { ExactText($0.name) == ExactText(name) }?.value
    }
}

extension JSONValue {
    /// Returns the value as JSON: without white space, or indented and with its members sorted by the bytes of their names.
    func json(isPretty: Bool = false) -> String {
        var text = ""
        write(to: &text, indent: isPretty ? 0 : nil)
        return text
    }

    /// Appends the value as JSON.
    ///
    /// - Parameter indent: the depth of the value; nil for no white space.
    private func write(to text: inout String, indent: Int?) {
        switch self {
        case .null: text += "null"
        case .flag(let flag): text += flag ? "true" : "false"
        case .number(let number): text += number
        case .text(let string): Self.write(string, to: &text)
        case .list(let items):
            Self.write(items, between: "[", "]", to: &text, indent) { item, text, indent in
                item.write(to: &text, indent: indent)
            }
        case .object(let members):
            let shown = indent == nil ? members : members.sorted { ExactText($0.name) < ExactText($1.name) }
            Self.write(shown, between: "{", "}", to: &text, indent) { member, text, indent in
                Self.write(member.name, to: &text)
                text += indent == nil ? ":" : " : "
                member.value.write(to: &text, indent: indent)
            }
        }
    }

    private static func write<Item>(
        _ items: [Item], between open: String, _ close: String, to text: inout String, _ indent: Int?,
        _ body: (Item, inout String, Int?) -> Void
    ) {
        text += open
        let inner = indent.map { $0 + 1 }
        let newline = { (depth: Int?) in depth.map { "\n" + String(repeating: "  ", count: $0) } ?? "" }
        for (place, item) in items.enumerated() {
            text += (place > 0 ? "," : "") + newline(inner)
            body(item, &text, inner)
        }
        if items.isEmpty, indent != nil { text += "\n" }
        text += newline(indent) + close
    }

    private static func write(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{0}"..."\u{1F}": text += "\\u00" + Hexadecimal.text([UInt8(truncatingIfNeeded: scalar.value)])
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}

extension JSONValue: Codable {
    init(from decoder: any Decoder) throws {
        guard let decoder = decoder as? ValueDecoder else { throw ValueDecoder.Mismatch() }
        self = decoder.value
    }

    func encode(to encoder: any Encoder) throws {
        guard let encoder = encoder as? ValueEncoder else { throw ValueDecoder.Mismatch() }
        encoder.slot.content = .value(self)
    }
}

/// A coding key with a name that the caller chose.
struct ChosenName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension TextPairs: Codable {
    public init(from decoder: any Decoder) throws {
        self.init()
        let container = try decoder.container(keyedBy: ChosenName.self)
        for name in container.allKeys {
            guard insert(try container.decode(String.self, forKey: name), for: name.stringValue) else {
                throw ValueDecoder.Mismatch()
            }
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: ChosenName.self)
        for (name, value) in sorted { try container.encode(value, forKey: ChosenName(stringValue: name)) }
    }
}
