/// Pairs of a name and a value, such as an encryption context or the tags of a key.
///
/// Names are compared byte by byte: two spellings of a name that differ in a byte are two names.
public struct NameValuePairs: Sendable, ExpressibleByDictionaryLiteral {
    /// The pairs, sorted by the bytes of their names.
    public private(set) var sorted: [(name: String, value: String)] = []

    public init() {}

    /// Creates pairs from a literal.
    ///
    /// - Precondition: each name occurs once.
    public init(dictionaryLiteral pairs: (String, String)...) {
        for (name, value) in pairs {
            let isNew = insert(value, for: name)
            precondition(isNew, "a name occurs twice")
        }
    }

    /// Adds a pair.
    ///
    /// - Returns: false if the name exists already; nothing is changed then.
    public mutating func insert(_ value: String, for name: String) -> Bool {
        let place = sorted.firstIndex { !$0.name.utf8.lexicographicallyPrecedes(name.utf8) } ?? sorted.count
        guard place == sorted.count || !sorted[place].name.utf8.elementsEqual(name.utf8) else { return false }
        sorted.insert((name, value), at: place)
        return true
    }

    /// The value of a name; nil if there is none.
    public subscript(name: String) -> String? {
        sorted.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }

    public var count: Int { sorted.count }
    public var isEmpty: Bool { sorted.isEmpty }
}

extension NameValuePairs: Equatable {
    public static func == (lhs: NameValuePairs, rhs: NameValuePairs) -> Bool {
        lhs.sorted.elementsEqual(rhs.sorted) { left, right in
            left.name.utf8.elementsEqual(right.name.utf8) && left.value.utf8.elementsEqual(right.value.utf8)
        }
    }
}

extension NameValuePairs: Codable {
    /// A coding key with any name.
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Name.self)
        for name in container.allKeys {
            guard insert(try container.decode(String.self, forKey: name), for: name.stringValue) else {
                throw ValueDecoder.Mismatch()
            }
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        for (name, value) in sorted { try container.encode(value, forKey: Name(stringValue: name)) }
    }
}
