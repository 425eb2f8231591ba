/// How many bytes of plaintext a chunk has, the last one excepted: a power of two from 4 KiB to 1 MiB.
public struct ChunkSize: Hashable, Sendable {
    /// The logarithm to base 2, as the header has it.
    public let exponent: UInt8

    /// 64 KiB: small enough to be passed on soon, large enough that what each chunk costs (16 bytes, a nonce, a tag) is lost
    /// in what its content costs.
    public static let standard = ChunkSize(known: 16)

    private static let exponents: ClosedRange<UInt8> = 12...20

    /// Nil outside of 12 to 20.
    public init?(exponent: UInt8) {
        guard Self.exponents.contains(exponent) else { return nil }
        self.exponent = exponent
    }

    private init(known exponent: UInt8) { self.exponent = exponent }

    public var byteCount: Int { 1 << Int(exponent) }
}

extension ChunkSize {
    /// How long a content is that takes so many bytes encrypted, the header left out; nil when none does.
    public func plaintextLength(ofEncrypted length: UInt64) -> UInt64? {
        let (tag, slot) = (UInt64(ChunkCipher.tagLength), UInt64(byteCount + ChunkCipher.tagLength))
        let (whole, rest) = length.quotientAndRemainder(dividingBy: slot)
        guard rest != 0 else { return whole == 0 ? nil : length - whole * tag }
        guard rest > tag || length == tag else { return nil }
        return length - (whole + 1) * tag
    }
}
