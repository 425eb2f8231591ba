/// A JSON value of the API's document, with its fields in the order in which they were written.
indirect enum DocumentValue: Sendable {
    case text(String)
    case number(Int)
    case flag(Bool)
    case list([DocumentValue])
    case object([(name: String, value: DocumentValue)])
    /// A value by its JSON text.
    case json(String)

    static func texts(_ texts: some Sequence<String>) -> DocumentValue { .list(texts.map { .text($0) }) }

    /// Appends the JSON text (RFC 8259).
    func write(into json: inout String) {
        switch self {
        case .text(let text): Self.write(text, into: &json)
        case .number(let number): json += String(number)
        case .flag(let flag): json += flag ? "true" : "false"
        case .list(let values):
            json += "["
            for (index, value) in values.enumerated() {
                if index > 0 { json += "," }
                value.write(into: &json)
            }
            json += "]"
        case .json(let text): json += text
        case .object(let fields):
            json += "{"
            for (index, field) in fields.enumerated() {
                if index > 0 { json += "," }
                Self.write(field.name, into: &json)
                json += ":"
                field.value.write(into: &json)
            }
            json += "}"
        }
    }

    private static func write(_ text: String, into json: inout String) {
        json += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": json += "\\\""
            case "\\": json += "\\\\"
            case "\n": json += "\\n"
            // The document is a constant of this source, and contains no other control characters.
            default: json.unicodeScalars.append(scalar)
            }
        }
        json += "\""
    }
}

extension DocumentValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral text: String) { self = .text(text) }
    init(integerLiteral number: Int) { self = .number(number) }
    init(booleanLiteral flag: Bool) { self = .flag(flag) }
    init(arrayLiteral values: DocumentValue...) { self = .list(values) }
    init(dictionaryLiteral fields: (String, DocumentValue)...) {
        self = .object(fields.map { (name: $0.0, value: $0.1) })
    }
}
