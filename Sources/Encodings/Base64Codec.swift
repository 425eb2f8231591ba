/// Base64 with padding (RFC 4648 §4), from memory to memory.
///
/// It uses a table, so it is not constant-time. A process on the same processor could observe its cache use.
package enum Base64Codec {
    /// Returns the length of the text for `byteCount` bytes.
    package static func length(ofEncoded byteCount: Int) -> Int { (byteCount + 2) / 3 * 4 }

    /// Writes the text of `bytes`, and returns its length.
    ///
    /// - Parameters:
    ///   - bytes: the bytes to encode.
    ///   - output: must have room for ``length(ofEncoded:)``.
    @discardableResult
    package static func encode(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Int {
        let length = length(ofEncoded: bytes.count)
        precondition(output.count >= length, "no room for the base64 of \(bytes.count) bytes")
        digits.withUnsafeBufferPointer { digits in
            var place = 0
            var read = 0
            while read + 3 <= bytes.count {
                let bits = Int(bytes[read]) << 16 | Int(bytes[read + 1]) << 8 | Int(bytes[read + 2])
                output[place] = digits[bits >> 18]
                output[place + 1] = digits[bits >> 12 & 0x3F]
                output[place + 2] = digits[bits >> 6 & 0x3F]
                output[place + 3] = digits[bits & 0x3F]
                read += 3
                place += 4
            }
            guard read < bytes.count else { return }
            let isOne = read + 1 == bytes.count
            let bits = Int(bytes[read]) << 16 | (isOne ? 0 : Int(bytes[read + 1]) << 8)
            output[place] = digits[bits >> 18]
            output[place + 1] = digits[bits >> 12 & 0x3F]
            output[place + 2] = isOne ? UInt8(ascii: "=") : digits[bits >> 6 & 0x3F]
            output[place + 3] = UInt8(ascii: "=")
        }
        return length
    }

    /// Decodes a text strictly: no space, correct padding, no stray bits in front of it. Each sequence of bytes has one text.
    ///
    /// - Parameters:
    ///   - text: the base64 text.
    ///   - output: must have room for three bytes per four characters begun.
    /// - Returns: the number of bytes written; nil if the text is not valid.
    package static func decode(
        _ text: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> Int? {
        guard text.count % 4 == 0 else { return nil }
        guard !text.isEmpty else { return 0 }
        precondition(output.count >= text.count / 4 * 3, "no room for what \(text.count) characters of base64 hold")
        let padding = text[text.count - 1] != UInt8(ascii: "=") ? 0 : text[text.count - 2] != UInt8(ascii: "=") ? 1 : 2
        return values.withUnsafeBufferPointer { values in
            var count = 0
            // All bits of all values. An invalid digit sets bits above the lowest six.
            var all: UInt8 = 0
            for place in stride(from: 0, to: text.count - (padding == 0 ? 0 : 4), by: 4) {
                let bits = group(of: 4, at: place, in: text, values, &all)
                output[count] = UInt8(truncatingIfNeeded: bits >> 16)
                output[count + 1] = UInt8(truncatingIfNeeded: bits >> 8)
                output[count + 2] = UInt8(truncatingIfNeeded: bits)
                count += 3
            }
            if padding > 0 {
                let bits = group(of: 4 - padding, at: text.count - 4, in: text, values, &all)
                output[count] = UInt8(truncatingIfNeeded: bits >> 16)
                if padding == 1 { output[count + 1] = UInt8(truncatingIfNeeded: bits >> 8) }
                count += 3 - padding
                guard bits & (padding == 1 ? 0xFF : 0xFFFF) == 0 else { return nil }
            }
            return all < 64 ? count : nil
        }
    }

    /// Returns the bits of two, three or four characters, as the first of 24 bits.
    @inline(__always)
    private static func group(
        of count: Int, at place: Int, in text: UnsafeRawBufferPointer, _ values: UnsafeBufferPointer<UInt8>,
        _ all: inout UInt8
    ) -> UInt32 {
        var bits: UInt32 = 0
        for index in 0..<count {
            let value = values[Int(text[place + index])]
            all |= value
            bits |= UInt32(value) << UInt32(18 - 6 * index)
        }
        return bits
    }

    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The value of each byte as a digit, or 255.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, character) in digits.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()
}
