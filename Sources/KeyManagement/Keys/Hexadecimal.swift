/// Bytes as lower-case hexadecimal digits.
package enum Hexadecimal {
    static let digits = Array("0123456789abcdef".utf8)

    package static func text(_ bytes: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: 2 * bytes.count) { buffer in
            for (index, byte) in bytes.enumerated() {
                buffer[2 * index] = digits[Int(byte >> 4)]
                buffer[2 * index + 1] = digits[Int(byte & 0x0F)]
            }
            return 2 * bytes.count
        }
    }

    /// Nil when the text is not pairs of lower-case hexadecimal digits.
    package static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        let numbers = text.utf8.map { digits.firstIndex(of: $0) }
        guard numbers.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: numbers.count, by: 2) {
            guard let high = numbers[index], let low = numbers[index + 1] else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        return bytes
    }
}
