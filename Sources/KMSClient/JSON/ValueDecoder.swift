import SecretMemory

/// Decodes `Decodable` values from a ``JSONValue``.
package struct ValueDecoder: Decoder {
    /// The value is missing or of another type.
    package struct Mismatch: Error {
        package init() {}
    }

    let value: JSONValue
    package var codingPath: [any CodingKey] { [] }
    package var userInfo: [CodingUserInfoKey: Any] { [:] }

    package static func read<Value: Decodable>(_ type: Value.Type, from value: JSONValue) throws -> Value {
        if let known = primitive(type, value) { return known }
        guard !isPrimitive(type) else { throw Mismatch() }
        return try Value(from: ValueDecoder(value: value))
    }

    private static func isPrimitive(_ type: Any.Type) -> Bool {
        type == String.self || type == Bool.self || type == Double.self || type is any FixedWidthInteger.Type
    }

    private static func primitive<Value>(_ type: Value.Type, _ value: JSONValue) -> Value? {
        switch value {
        case .text(let text): return text as? Value
        case .secret(let text):
            return text.withUnsafeBytes { String(validating: $0, as: UTF8.self) } as? Value
        case .flag(let flag): return flag as? Value
        case .number(let text):
            if type == Double.self { return Double(text) as? Value }
            guard let integer = type as? any FixedWidthInteger.Type else { return nil }
            return whole(text, as: integer) as? Value
        case .null, .list, .object: return nil
        }
    }

    private static func whole<Integer: FixedWidthInteger>(_ text: String, as type: Integer.Type) -> Integer? {
        Integer(text)
    }

    package func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let members) = value else { throw Mismatch() }
        return KeyedDecodingContainer(Members<Key>(members: members))
    }

    package func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .list(let items) = value else { throw Mismatch() }
        return Items(items: items)
    }

    package func singleValueContainer() -> any SingleValueDecodingContainer { Single(value: value) }

    private struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
        private let members: JSONValue
        let allKeys: [Key]
        var codingPath: [any CodingKey] { [] }

        init(members: [JSONValue.Member]) {
            self.members = .object(members)
            allKeys = members.compactMap { Key(stringValue: $0.name) }
        }

        private func value(_ key: Key) throws -> JSONValue {
            guard let value = members.member(key.stringValue) else { throw Mismatch() }
            return value
        }

        func contains(_ key: Key) -> Bool { members.member(key.stringValue) != nil }

        func decodeNil(forKey key: Key) throws -> Bool { if case .null = try value(key) { true } else { false } }

        func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
            try ValueDecoder.read(type, from: value(key))
        }

        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type, forKey key: Key
        ) throws -> KeyedDecodingContainer<Nested> {
            try ValueDecoder(value: value(key)).container(keyedBy: type)
        }

        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
            try ValueDecoder(value: value(key)).unkeyedContainer()
        }

        func superDecoder() throws -> any Decoder { throw Mismatch() }
        func superDecoder(forKey key: Key) throws -> any Decoder { try ValueDecoder(value: value(key)) }
    }

    private struct Items: UnkeyedDecodingContainer {
        let items: [JSONValue]
        private(set) var currentIndex = 0
        var codingPath: [any CodingKey] { [] }
        var count: Int? { items.count }
        var isAtEnd: Bool { currentIndex >= items.count }

        init(items: [JSONValue]) { self.items = items }

        private mutating func next() throws -> JSONValue {
            guard !isAtEnd else { throw Mismatch() }
            defer { currentIndex += 1 }
            return items[currentIndex]
        }

        mutating func decodeNil() throws -> Bool {
            guard !isAtEnd else { throw Mismatch() }
            guard case .null = items[currentIndex] else { return false }
            currentIndex += 1
            return true
        }

        mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            try ValueDecoder.read(type, from: next())
        }

        mutating func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type
        ) throws -> KeyedDecodingContainer<Nested> {
            try ValueDecoder(value: next()).container(keyedBy: type)
        }

        mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
            try ValueDecoder(value: next()).unkeyedContainer()
        }

        mutating func superDecoder() throws -> any Decoder { try ValueDecoder(value: next()) }
    }

    private struct Single: SingleValueDecodingContainer {
        let value: JSONValue
        var codingPath: [any CodingKey] { [] }

        func decodeNil() -> Bool { if case .null = value { true } else { false } }

        func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            try ValueDecoder.read(type, from: value)
        }
    }
}
