import Encodings
internal import KeyManagement

/// Writes a line's JSON in its one canonical form: no blanks, fields in a fixed order, and only required escapes.
struct LineWriter {
    private(set) var bytes: [UInt8]

    init(capacity: Int = 512) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// Appends text unchanged, such as `,"verb":`.
    mutating func raw(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    mutating func raw(_ more: [UInt8]) {
        bytes.append(contentsOf: more)
    }

    mutating func number(_ value: UInt64) {
        guard value >= 10 else { return bytes.append(UInt8(ascii: "0") + UInt8(value)) }
        let start = bytes.count
        var rest = value
        while rest > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        }
        bytes[start...].reverse()
    }

    /// Appends bytes as hexadecimal digits in quotes.
    mutating func hex(_ value: UnsafeRawBufferPointer) {
        bytes.append(UInt8(ascii: "\""))
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: 2 * value.count))
        Hexadecimal.digits.withUnsafeBufferPointer { digits in
            bytes.withUnsafeMutableBufferPointer { bytes in
                for (index, byte) in value.enumerated() {
                    bytes[start + 2 * index] = digits[Int(byte >> 4)]
                    bytes[start + 2 * index + 1] = digits[Int(byte & 0x0F)]
                }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func hex(_ value: [UInt8]) { value.withUnsafeBytes { hex($0) } }
    mutating func hex(_ value: ChainHash) { value.withBytes { hex($0) } }

    /// Appends text in quotes. `"`, `\`, and the control characters up to U+001F and U+007F are escaped (RFC 8259 §7).
    mutating func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            guard utf8.contains(where: Self.isEscaped) else { return bytes.append(contentsOf: utf8) }
            for byte in utf8 {
                if Self.isEscaped(byte) { escape(byte) } else { bytes.append(byte) }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func time(_ value: Timestamp) {
        bytes.append(UInt8(ascii: "\""))
        TimeText.append(value, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F
    }

    private mutating func escape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        default:
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(Hexadecimal.digits[Int(byte >> 4)])
            bytes.append(Hexadecimal.digits[Int(byte & 0x0F)])
        }
    }
}
