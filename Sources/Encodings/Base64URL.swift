/// Base64url without padding (RFC 4648 §5, RFC 7515 §2), of data that is not secret. The same bytes have only one text.
package enum Base64URL {
    /// Returns the text of bytes.
    package static func encode(_ bytes: [UInt8]) -> String {
        String(
            Base64Text.encode(bytes).compactMap { character -> Character? in
                switch character {
                case "+": "-"
                case "/": "_"
                case "=": nil
                default: character
                }
            })
    }

    /// Reads a text; `nil` for anything that ``encode(_:)`` does not write.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let bytes = text.utf8
        guard bytes.count % 4 != 1 else { return nil }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count * 3 / 4)
        var bits: UInt32 = 0
        var bitCount = 0
        for byte in bytes {
            guard let value = value(of: byte) else { return nil }
            bits = bits << 6 | value
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                decoded.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
            }
        }
        return bits & ((1 << UInt32(bitCount)) - 1) == 0 ? decoded : nil
    }

    private static func value(of byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
