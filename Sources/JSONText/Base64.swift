package import KeyManagement
package import NIOCore

/// Base64 (RFC 4648 §4, padded) from and to secret memory, without a string in between.
///
/// By table, so not in constant time: what it gives away through the cache, it gives to somebody who runs on the same
/// processor.
package enum Base64 {
    /// Reads strictly: no space, padding as it must be, no stray bits in front of it. Nil otherwise.
    package static func decode(_ text: UnsafeRawBufferPointer) -> SecretBytes? {
        guard text.count % 4 == 0 else { return nil }
        let padding = text.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
        do throws(NotBase64) {
            return try SecretBytes(capacity: text.count / 4 * 3) { (output) throws(NotBase64) in
                var count = 0
                var bits: UInt32 = 0
                var bitCount = 0
                for byte in text.dropLast(padding) {
                    let value = values[Int(byte)]
                    guard value < 64 else { throw NotBase64() }
                    bits = bits << 6 | UInt32(value)
                    bitCount += 6
                    guard bitCount >= 8 else { continue }
                    bitCount -= 8
                    output[count] = UInt8(truncatingIfNeeded: bits >> UInt32(bitCount))
                    count += 1
                    bits &= 1 << UInt32(bitCount) - 1
                }
                guard bits == 0 else { throw NotBase64() }
                return count
            }
        } catch {
            return nil
        }
    }

    /// The length of the text for `byteCount` bytes.
    package static func length(ofEncoded byteCount: Int) -> Int { (byteCount + 2) / 3 * 4 }

    /// Appends the text to a buffer.
    package static func encode(_ bytes: UnsafeRawBufferPointer, into buffer: inout ByteBuffer) {
        let length = length(ofEncoded: bytes.count)
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: length) { output in
            var place = 0
            for start in stride(from: 0, to: bytes.count, by: 3) {
                let group = bytes[start..<min(start + 3, bytes.count)]
                let bits = group.reduce(0) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
                for digit in 0..<4 {
                    output[place] =
                        digit > group.count
                        ? UInt8(ascii: "=") : alphabet[Int(bits >> UInt32(18 - 6 * digit) & 0x3F)]
                    place += 1
                }
            }
            return length
        }
    }

    private struct NotBase64: Error {}

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// For each byte its digit's value, or 255.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()
}
