/// Converts between the two forms of an ECDSA signature.
package enum ECDSASignature {
    /// Returns the DER of `ECDSA-Sig-Value` (RFC 3279 §2.2.3) from `r | s`; nil if that is empty or has an odd number of bytes.
    package static func der(fromRaw raw: [UInt8]) -> [UInt8]? {
        guard !raw.isEmpty, raw.count % 2 == 0 else { return nil }
        return DERWriter.sequence(
            DERWriter.integer(raw.prefix(raw.count / 2)), DERWriter.integer(raw.suffix(raw.count / 2)))
    }

    /// Returns `r | s` from DER, each padded to `coordinateByteCount` bytes; nil for anything but strict DER, or for longer numbers.
    package static func raw(fromDER der: [UInt8], coordinateByteCount: Int) -> [UInt8]? {
        guard var numbers = DERReader(sequence: der), let r = numbers.integer(), let s = numbers.integer(),
            numbers.isAtEnd, r.count <= coordinateByteCount, s.count <= coordinateByteCount
        else { return nil }
        return [r, s].flatMap { [UInt8](repeating: 0, count: coordinateByteCount - $0.count) + $0 }
    }
}
