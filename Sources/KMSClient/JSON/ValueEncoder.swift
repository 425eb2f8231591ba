/// Encodes `Encodable` values as a ``JSONValue``. Foundation's encoder would turn each object into a dictionary on the way.
package struct ValueEncoder: Encoder {
    /// A place that receives an encoded value.
    final class Slot {
        enum Content {
            case empty
            case value(JSONValue)
            case list([Slot])
            case object([(name: String, slot: Slot)])
        }

        var content = Content.empty

        var value: JSONValue {
            switch content {
            case .empty: .object([])
            case .value(let value): value
            case .list(let slots): .list(slots.map(\.value))
            case .object(let members):
                .object(members.map { JSONValue.Member(name: $0.name, value: $0.slot.value) })
            }
        }

        func add(_ name: String) -> Slot {
            let slot = Slot()
            guard case .object(let members) = content else {
                content = .object([(name, slot)])
                return slot
            }
            content = .object(members + [(name, slot)])
            return slot
        }

        func add() -> Slot {
            let slot = Slot()
            guard case .list(let slots) = content else {
                content = .list([slot])
                return slot
            }
            content = .list(slots + [slot])
            return slot
        }

        func encode(_ value: some Encodable) throws {
            switch value {
            case let text as String: content = .value(.text(text))
            case let flag as Bool: content = .value(.flag(flag))
            case let number as any BinaryInteger: content = .value(.number("\(number)"))
            case let number as Double: content = .value(.number("\(number)"))
            default: try value.encode(to: ValueEncoder(slot: self))
            }
        }
    }

    let slot: Slot
    package var codingPath: [any CodingKey] { [] }
    package var userInfo: [CodingUserInfoKey: Any] { [:] }

    package static func value(of value: some Encodable) throws -> JSONValue {
        let slot = Slot()
        try slot.encode(value)
        return slot.value
    }

    package func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        slot.content = .object([])
        return KeyedEncodingContainer(Members<Key>(slot: slot))
    }

    package func unkeyedContainer() -> any UnkeyedEncodingContainer {
        slot.content = .list([])
        return Items(slot: slot)
    }

    package func singleValueContainer() -> any SingleValueEncodingContainer { Single(slot: slot) }

    private struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
        let slot: Slot
        var codingPath: [any CodingKey] { [] }

        func encodeNil(forKey key: Key) { slot.add(key.stringValue).content = .value(.null) }

        func encode(_ value: some Encodable, forKey key: Key) throws { try slot.add(key.stringValue).encode(value) }

        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type, forKey key: Key
        ) -> KeyedEncodingContainer<Nested> {
            ValueEncoder(slot: slot.add(key.stringValue)).container(keyedBy: type)
        }

        func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
            ValueEncoder(slot: slot.add(key.stringValue)).unkeyedContainer()
        }

        func superEncoder() -> any Encoder { ValueEncoder(slot: slot.add("super")) }
        func superEncoder(forKey key: Key) -> any Encoder { ValueEncoder(slot: slot.add(key.stringValue)) }
    }

    private struct Items: UnkeyedEncodingContainer {
        let slot: Slot
        var codingPath: [any CodingKey] { [] }
        var count: Int { if case .list(let slots) = slot.content { slots.count } else { 0 } }

        func encodeNil() { slot.add().content = .value(.null) }

        func encode(_ value: some Encodable) throws { try slot.add().encode(value) }

        func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
            ValueEncoder(slot: slot.add()).container(keyedBy: type)
        }

        func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
            ValueEncoder(slot: slot.add()).unkeyedContainer()
        }

        func superEncoder() -> any Encoder { ValueEncoder(slot: slot.add()) }
    }

    private struct Single: SingleValueEncodingContainer {
        let slot: Slot
        var codingPath: [any CodingKey] { [] }

        func encodeNil() { slot.content = .value(.null) }
        func encode(_ value: some Encodable) throws { try slot.encode(value) }
    }
}
