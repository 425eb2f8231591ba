/// What a function of PKCS #11 returned (`CK_RV`, v2.40 §5.1).
///
/// Vendors add values of their own from 0x80000000 up; those print as hex alone.
public struct ReturnValue: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: UInt

    public init(rawValue: UInt) {
        self.rawValue = rawValue
    }

    /// Name and number, `CKR_PIN_INCORRECT (0xA0)`; an unknown value as its number alone.
    public var description: String {
        let number = "0x" + String(rawValue, radix: 16, uppercase: true)
        guard let name = Self.names[rawValue] else { return number }
        return "\(name) (\(number))"
    }

    /// Whether the vendor of the module defined this value (v2.40 §3.6: `CKR_VENDOR_DEFINED` and above).
    public var isVendorDefined: Bool { rawValue >= 0x8000_0000 }
}
