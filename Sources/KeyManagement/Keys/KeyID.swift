import Encodings

/// The identity of a key: 16 random bytes, shown as a UUID (RFC 9562 version 4) in lower case.
///
/// The header of every ciphertext contains these bytes, so an id is never used twice.
package struct KeyID: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64

    /// Generates a new id: 122 random bits from the system's generator, and the version and variant bits of RFC 9562 §5.4.
    package init() {
        var generator = SystemRandomNumberGenerator()
        high = (generator.next() & 0xFFFF_FFFF_FFFF_0FFF) | 0x4000
        low = (generator.next() & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
    }

    private init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The nil UUID (RFC 9562 §5.9), which no key has. A dry run shows it as the id of a key that it would create.
    package static let unknown = KeyID(high: 0, low: 0)

    /// Creates an id from 16 bytes; `nil` for any other number.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        var halves: (UInt64, UInt64) = (0, 0)
        for (index, byte) in bytes.enumerated() {
            if index < 8 {
                halves.0 = halves.0 << 8 | UInt64(byte)
            } else {
                halves.1 = halves.1 << 8 | UInt64(byte)
            }
        }
        (high, low) = halves
    }

    /// Reads a UUID in its text form, 8-4-4-4-12 hexadecimal digits, in either case.
    package init?(_ text: some StringProtocol) {
        let characters = Array(text.utf8)
        guard characters.count == 36 else { return nil }
        var digits: [UInt8] = []
        digits.reserveCapacity(32)
        for (index, character) in characters.enumerated() {
            switch index {
            case 8, 13, 18, 23:
                guard character == UInt8(ascii: "-") else { return nil }
            default:
                guard let value = Self.digitValue(character) else { return nil }
                digits.append(value)
            }
        }
        self.init(bytes: stride(from: 0, to: 32, by: 2).map { digits[$0] << 4 | digits[$0 + 1] })
    }

    /// The length of an id, in bytes.
    package static let byteCount = 16

    /// The 16 bytes, first byte first.
    package var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, count in
            for index in 0..<8 {
                let shift = UInt64(56 - 8 * index)
                buffer[index] = UInt8(truncatingIfNeeded: high >> shift)
                buffer[index + 8] = UInt8(truncatingIfNeeded: low >> shift)
            }
            count = Self.byteCount
        }
    }

    private static func digitValue(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension KeyID: CustomStringConvertible {
    package var description: String {
        String(unsafeUninitializedCapacity: Self.textLength) {
            write(to: $0)
            return Self.textLength
        }
    }

    /// The length of the text form, in bytes.
    private static let textLength = 36

    /// Writes the text form into memory that has room for it.
    private func write(to buffer: UnsafeMutableBufferPointer<UInt8>) {
        Hexadecimal.digits.withUnsafeBufferPointer { digits in
            var place = 0
            for digit in 0..<32 {
                if digit == 8 || digit == 12 || digit == 16 || digit == 20 {
                    buffer[place] = UInt8(ascii: "-")
                    place += 1
                }
                let half = digit < 16 ? high : low
                buffer[place] = digits[Int(truncatingIfNeeded: half >> UInt64(60 - 4 * (digit % 16)) & 0x0F)]
                place += 1
            }
        }
    }
}
