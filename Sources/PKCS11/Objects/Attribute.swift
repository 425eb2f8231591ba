/// One attribute of an object: a type and a value (`CK_ATTRIBUTE`, v2.40 §3.4).
///
/// The common ones have factories (`.label("root")`); the initializers make any other, including a vendor's.
///
/// Values may be key material (``value(_:)``). They are not printed, and the memory in which they are passed to the module is
/// zeroed; the attribute itself keeps an ordinary array.
public struct Attribute: Sendable, Hashable {
    /// The type of the attribute.
    public let type: AttributeType
    let value: Value

    enum Value: Sendable, Hashable {
        case bool(Bool)
        case number(UInt)
        case bytes([UInt8])
        case mechanisms([MechanismType])
        case template(Template)
    }

    /// A Boolean (`CK_BBOOL`, one byte).
    public init(_ type: AttributeType, bool: Bool) {
        self.init(type, .bool(bool))
    }

    /// A number (`CK_ULONG`, as wide as a pointer).
    public init(_ type: AttributeType, number: UInt) {
        self.init(type, .number(number))
    }

    /// Bytes: text in UTF-8 without a terminator, or big numbers with the highest byte first (v2.40 §3.4).
    public init(_ type: AttributeType, bytes: some Collection<UInt8>) {
        self.init(type, .bytes(Array(bytes)))
    }

    /// A list of mechanisms.
    public init(_ type: AttributeType, mechanisms: [MechanismType]) {
        self.init(type, .mechanisms(mechanisms))
    }

    /// A template inside a template.
    public init(_ type: AttributeType, template: Template) {
        self.init(type, .template(template))
    }

    private init(_ type: AttributeType, _ value: Value) {
        self.type = type
        self.value = value
    }
}

extension Attribute: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The type and value, for bytes only their number: `CKA_TOKEN: true`, `CKA_VALUE: 32 bytes`.
    public var description: String {
        switch value {
        case .bool(let claim): "\(type): \(claim)"
        case .number(let number): "\(type): \(number)"
        case .bytes(let bytes): "\(type): \(bytes.count) bytes"
        case .mechanisms(let mechanisms): "\(type): \(mechanisms)"
        case .template(let template): "\(type): \(template.attributes)"
        }
    }

    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
