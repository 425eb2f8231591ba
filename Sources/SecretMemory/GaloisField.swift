/// The field of 256 elements with the polynomial x^8 + x^4 + x^3 + x + 1, as in AES (FIPS 197 §4.2). The time of its operations does not
/// depend on the values.
enum GaloisField {
    static func multiply(_ left: UInt8, _ right: UInt8) -> UInt8 {
        var (product, left, right) = (UInt8(0), left, right)
        for _ in 0..<8 {
            product ^= left & (0 &- (right & 1))
            let carry = 0 &- (left >> 7)
            left = left << 1 ^ (carry & 0x1B)
            right >>= 1
        }
        return product
    }

    /// Returns the inverse, which is the 254th power; 0 for 0.
    static func inverse(_ value: UInt8) -> UInt8 {
        var (result, power) = (UInt8(1), value)
        for _ in 0..<7 {
            power = multiply(power, power)
            result = multiply(result, power)
        }
        return result
    }
}
