package import SecretMemory

/// Any JSON value. Members keep their order and their exact names, which are compared byte by byte.
package enum JSONValue: Sendable {
    package struct Member: Sendable {
        package let name: String
        package let value: JSONValue

        package init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    case null
    case flag(Bool)
    /// The number as written in the text.
    case number(String)
    case text(String)
    /// A text that is secret, such as the base64 of a plaintext, in ASCII.
    case secret(SecretBytes)
    case list([JSONValue])
    case object([Member])

    /// Returns the value of a member; nil if there is none.
    package func member(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }
}

extension JSONValue: Codable {
    package init(from decoder: any Decoder) throws {
        guard let decoder = decoder as? ValueDecoder else { throw ValueDecoder.Mismatch() }
        self = decoder.value
    }

    package func encode(to encoder: any Encoder) throws {
        guard let encoder = encoder as? ValueEncoder else { throw ValueDecoder.Mismatch() }
        encoder.slot.content = .value(self)
    }
}
