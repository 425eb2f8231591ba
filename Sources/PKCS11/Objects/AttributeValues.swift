/// The attributes that were read from an object.
public struct AttributeValues: Sendable, Equatable {
    private let values: [AttributeType: [UInt8]]

    init(_ values: [AttributeType: [UInt8]]) {
        self.values = values
    }

    /// The attribute's bytes; `nil` if the object does not have it, or the token does not reveal it.
    public subscript(type: AttributeType) -> [UInt8]? { values[type] }

    /// Returns the attribute as a Boolean; `nil` also if it is not a Boolean.
    public func bool(_ type: AttributeType) -> Bool? {
        guard let bytes = values[type], bytes.count == 1 else { return nil }
        return Bool(exactly: bytes[0])
    }

    /// Returns the attribute as a number; `nil` also if it is not a number.
    public func number(_ type: AttributeType) -> UInt? {
        guard let bytes = values[type], bytes.count == MemoryLayout<UInt>.size else { return nil }
        return bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt.self) }
    }

    /// Returns the attribute as text; `nil` also if it is not UTF-8.
    public func string(_ type: AttributeType) -> String? {
        values[type].flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// Returns the attribute as a list of mechanisms (``AttributeType/allowedMechanisms``); `nil` also if it is not one.
    public func mechanisms(_ type: AttributeType) -> [MechanismType]? {
        let size = MemoryLayout<UInt>.size
        guard let bytes = values[type], bytes.count.isMultiple(of: size) else { return nil }
        return bytes.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: size).map {
                MechanismType(rawValue: bytes.loadUnaligned(fromByteOffset: $0, as: UInt.self))
            }
        }
    }
}
