/// A return value of a PKCS #11 function (`CK_RV`, v2.40 §5.1).
///
/// Vendors add values from 0x80000000 up, which print as hexadecimal numbers only.
public struct ReturnValue: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: UInt

    public init(rawValue: UInt) {
        self.rawValue = rawValue
    }

    /// The name and number, `CKR_PIN_INCORRECT (0xA0)`; an unknown value prints as its number alone.
    public var description: String {
        let number = "0x" + String(rawValue, radix: 16, uppercase: true)
        guard let name = Self.names[rawValue] else { return number }
        return "\(name) (\(number))"
    }

    /// True if the vendor of the module defined this value (v2.40 §3.6: `CKR_VENDOR_DEFINED` and above).
    public var isVendorDefined: Bool { rawValue >= 0x8000_0000 }
}
