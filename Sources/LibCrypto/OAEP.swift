internal import CLibCrypto

/// The padding of RSAES-OAEP (RFC 8017 §7.1), with MGF1 of the same hash and an empty label.
package enum OAEP {
    /// Removes the padding from the result of the bare RSA operation, which has as many bytes as the modulus, leading zeros included.
    ///
    /// The padding is checked in constant time. Every error has the same result, so that no difference reveals a plaintext (Manger's
    /// attack).
    ///
    /// - Parameters:
    ///   - encoded: the result of the RSA operation.
    ///   - hash: the hash function of the padding.
    ///   - output: must have room for as many bytes as `encoded` has.
    /// - Returns: the number of bytes written; nil if the padding is invalid.
    package static func unpad(
        _ encoded: UnsafeRawBufferPointer, hash: HashFunction, into output: UnsafeMutableRawBufferPointer
    ) -> Int? {
        guard encoded.count >= 2 * hash.byteCount + 2, output.count >= encoded.count,
            let length = Int32(exactly: encoded.count), let room = Int32(exactly: output.count)
        else { return nil }
        // Both buffers are the caller's, valid in this call.
        let count = RSA_padding_check_PKCS1_OAEP_mgf1(
            output.baseAddress?.assumingMemoryBound(to: UInt8.self), room,
            encoded.baseAddress?.assumingMemoryBound(to: UInt8.self), length, length, nil, 0, hash.evp, hash.evp)
        ERR_clear_error()
        return count >= 0 ? Int(count) : nil
    }
}

/// The DER of a digest and its algorithm, which RSASSA-PKCS1-v1_5 signs.
package enum PKCS1DigestInfo {
    /// Returns the DER of RFC 8017 §9.2, note 1.
    package static func der(of digest: [UInt8], hash: HashFunction) -> [UInt8] {
        DERWriter.sequence(
            DERWriter.sequence(DERWriter.identifier(identifier(of: hash)), DERWriter.null),
            DERWriter.octetString(digest))
    }

    /// Returns the object identifier, 1.3.14.3.2.26 or one of 2.16.840.1.101.3.4.2 (RFC 8017 §B.1).
    private static func identifier(of hash: HashFunction) -> [UInt8] {
        switch hash {
        case .sha1: [0x2B, 0x0E, 0x03, 0x02, 0x1A]
        case .sha224: [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x04]
        case .sha256: [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]
        case .sha384: [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02]
        case .sha512: [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03]
        }
    }
}
