/// The claims of a token (RFC 7519 §4). All are read, because the configuration decides which of them are used.
struct Claims: Decodable {
    let values: [String: Value]

    enum Value: Decodable, Sendable {
        case text(String)
        case number(Double)
        case texts([String])
        case other

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else if let texts = try? container.decode([String].self) {
                self = .texts(texts)
            } else {
                self = .other
            }
        }
    }

    init(from decoder: any Decoder) throws {
        values = try decoder.singleValueContainer().decode([String: Value].self)
    }

    func text(_ name: String) -> String? {
        if case .text(let text)? = values[name] { text } else { nil }
    }

    /// Returns the texts of a list, or a single text as a list.
    func texts(_ name: String) -> [String] {
        switch values[name] {
        case .texts(let texts)?: texts
        case .text(let text)?: [text]
        case .number?, .other?, nil: []
        }
    }

    /// Returns a NumericDate (RFC 7519 §2), in milliseconds; nil if it is absent, or not a plausible number.
    func date(_ name: String) -> Int64? {
        guard case .number(let seconds)? = values[name], seconds.isFinite, abs(seconds) < 1e12 else { return nil }
        return Int64(seconds * 1000)
    }

    func has(_ name: String) -> Bool { values[name] != nil }
}
