/// Selects the lower of the two equivalent ECDSA signatures `(r, s)` and `(r, n - s)`: the one whose `s` is not above half of `n`. So a
/// checkpoint's line has one valid form.
enum LowS {
    /// The order of P-256's group (NIST SP 800-186 §3.2.1.3), big-endian.
    private static let order: [UInt8] = [
        0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
    ]

    /// Returns `r | s` with the lower `s`; nil unless `raw` has 64 bytes.
    static func normalized(_ raw: [UInt8]) -> [UInt8]? {
        guard raw.count == 64 else { return nil }
        return isLow(raw) ? raw : raw.prefix(32) + difference(Array(raw.suffix(32)))
    }

    static func isLow(_ raw: [UInt8]) -> Bool {
        let s = Array(raw.suffix(32))
        return !difference(s).lexicographicallyPrecedes(s)
    }

    /// Returns `n - s`, for an `s` below `n`.
    private static func difference(_ s: [UInt8]) -> [UInt8] {
        var result = order
        var borrow = 0
        for index in result.indices.reversed() {
            let digit = Int(order[index]) - Int(s[index]) - borrow
            borrow = digit < 0 ? 1 : 0
            result[index] = UInt8(truncatingIfNeeded: digit)
        }
        return result
    }
}
