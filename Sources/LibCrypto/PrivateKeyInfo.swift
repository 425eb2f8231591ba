internal import CLibCrypto

/// Writes private keys as PKCS #8 (RFC 5208 §5), into memory that the caller owns and must erase.
package enum PrivateKeyInfo {
    /// Writes an RSA key.
    ///
    /// - Parameters:
    ///   - numbers: in the order of RFC 8017 §A.1.2, each big-endian: modulus, public and private exponent, the two primes, their
    ///     exponents, the coefficient.
    ///   - output: the memory for the DER.
    /// - Returns: the number of bytes written.
    /// - Throws: ``LibCryptoError/unfit(_:)`` if the room is too small, or a number is missing.
    package static func rsa(
        _ numbers: [UnsafeRawBufferPointer], into output: UnsafeMutableRawBufferPointer
    ) throws(LibCryptoError) -> Int {
        guard numbers.count == 8, numbers.allSatisfy({ $0.contains { $0 != 0 } }) else {
            throw .unfit("a number of the key is missing")
        }
        var writer = BackwardWriter(output)
        for number in numbers.reversed() { try writer.integer(number) }
        try writer.integer([0])
        try writer.close(0x30, from: 0)
        try writer.close(0x04, from: 0)
        // The modulus does not matter for the identifier.
        try writer.bytes(PublicKey.Components.rsa(modulus: [], exponent: []).algorithmIdentifier)
        try writer.integer([0])
        try writer.close(0x30, from: 0)
        return writer.finish()
    }

    /// Writes an EC key.
    ///
    /// - Parameters:
    ///   - curve: the curve of the key.
    ///   - scalar: the private number, big-endian.
    ///   - publicPoint: uncompressed.
    ///   - output: the memory for the DER.
    /// - Returns: the number of bytes written.
    package static func ec(
        _ curve: NamedCurve, scalar: UnsafeRawBufferPointer, publicPoint: [UInt8],
        into output: UnsafeMutableRawBufferPointer
    ) throws(LibCryptoError) -> Int {
        let digits = UnsafeRawBufferPointer(rebasing: scalar.drop { $0 == 0 })
        guard !digits.isEmpty, digits.count <= curve.coordinateByteCount else {
            throw .unfit("the private number does not fit the curve")
        }
        // ECPrivateKey (RFC 5915 §3): version 1, the number as long as the curve's order, [1] the public key.
        var writer = BackwardWriter(output)
        try writer.bytes(DERWriter.element(0xA1, DERWriter.bitString(publicPoint)))
        let mark = writer.count
        try writer.bytes(digits)
        try writer.bytes([UInt8](repeating: 0, count: curve.coordinateByteCount - digits.count))
        try writer.close(0x04, from: mark)
        try writer.integer([1])
        try writer.close(0x30, from: 0)
        try writer.close(0x04, from: 0)
        try writer.bytes(PublicKey.Components.ec(curve, point: []).algorithmIdentifier)
        try writer.integer([0])
        try writer.close(0x30, from: 0)
        return writer.finish()
    }
}

/// Writes DER from its end to its beginning, so that every length is known when it is written and no copy of a secret is made.
private struct BackwardWriter {
    private let output: UnsafeMutableRawBufferPointer
    private var start: Int

    init(_ output: UnsafeMutableRawBufferPointer) {
        self.output = output
        start = output.count
    }

    /// The number of bytes written.
    var count: Int { output.count - start }

    mutating func bytes(_ bytes: some Collection<UInt8>) throws(LibCryptoError) {
        guard bytes.count <= start else { throw .unfit("no room for the key") }
        start -= bytes.count
        for (offset, byte) in bytes.enumerated() { output[start + offset] = byte }
    }

    /// Writes a non-negative integer with any number of leading zeros.
    mutating func integer(_ magnitude: some Collection<UInt8>) throws(LibCryptoError) {
        let mark = count
        let digits = magnitude.drop { $0 == 0 }
        try bytes(digits)
        if digits.first.map({ $0 >= 0x80 }) ?? true { try bytes([0]) }
        try close(0x02, from: mark)
    }

    /// Makes one element of the bytes written since `mark`.
    mutating func close(_ tag: UInt8, from mark: Int) throws(LibCryptoError) {
        try bytes([tag] + DERWriter.length(count - mark))
    }

    /// Moves the result to the beginning of the room, and erases its former place.
    func finish() -> Int {
        let count = count
        let written = UnsafeRawBufferPointer(rebasing: output[start...])
        output.copyMemory(from: written)
        OPENSSL_cleanse(output.baseAddress?.advanced(by: count), output.count - count)
        return count
    }
}
