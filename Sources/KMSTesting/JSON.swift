import Foundation

/// A JSON value, read by Foundation's decoder, which distinguishes flags from numbers.
package indirect enum JSON: Codable, Hashable, Sendable {
    case null
    case flag(Bool)
    case number(Double)
    case text(String)
    case list([JSON])
    case object([String: JSON])

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let list = try? container.decode([JSON].self) {
            self = .list(list)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }

    package static func read(_ text: String) throws -> JSON {
        try JSONDecoder().decode(JSON.self, from: Data(text.utf8))
    }

    package subscript(_ name: String) -> JSON? { fields[name] }
    package var fields: [String: JSON] { if case .object(let fields) = self { fields } else { [:] } }
    package var items: [JSON] { if case .list(let items) = self { items } else { [] } }
    package var text: String? { if case .text(let text) = self { text } else { nil } }
    package var number: Double? { if case .number(let number) = self { number } else { nil } }
    package var texts: [String] { items.compactMap(\.text) }

    /// All values within this one, and this one.
    package var all: [JSON] {
        switch self {
        case .list(let items): [self] + items.flatMap(\.all)
        case .object(let fields): [self] + fields.values.flatMap(\.all)
        default: [self]
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .flag(let flag): try container.encode(flag)
        case .number(let number): try container.encode(number)
        case .text(let text): try container.encode(text)
        case .list(let items): try container.encode(items)
        case .object(let fields): try container.encode(fields)
        }
    }
}
