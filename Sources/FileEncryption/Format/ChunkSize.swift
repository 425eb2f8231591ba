/// The number of plaintext bytes in every chunk but the last: a power of two from 4 KiB to 1 MiB.
package struct ChunkSize: Hashable, Sendable {
    /// The logarithm to base 2, as in the header.
    package let exponent: UInt8

    /// The default, 64 KiB. It is small enough to be passed on soon. It is large enough that the overhead of a chunk (16 bytes, a nonce, a
    /// tag) is negligible.
    package static let standard = ChunkSize(known: 16)

    private static let exponents: ClosedRange<UInt8> = 12...20

    /// Returns nil outside of 12 to 20.
    package init?(exponent: UInt8) {
        guard Self.exponents.contains(exponent) else { return nil }
        self.exponent = exponent
    }

    private init(known exponent: UInt8) { self.exponent = exponent }

    package var byteCount: Int { 1 << Int(exponent) }
}

extension ChunkSize {
    /// Returns the plaintext length of encrypted content, the header left out; nil if no content has this encrypted length.
    package func plaintextLength(ofEncrypted length: UInt64) -> UInt64? {
        let (tag, slot) = (UInt64(ChunkCipher.tagLength), UInt64(byteCount + ChunkCipher.tagLength))
        let (whole, rest) = length.quotientAndRemainder(dividingBy: slot)
        guard rest != 0 else { return whole == 0 ? nil : length - whole * tag }
        guard rest > tag || length == tag else { return nil }
        return length - (whole + 1) * tag
    }
}
