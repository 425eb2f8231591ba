internal import CLibCrypto

/// AES Key Wrap with Padding (RFC 5649, NIST SP 800-38F §6.3), for importing keys.
package enum KeyWrap {
    /// Wraps a key.
    ///
    /// - Parameters:
    ///   - key: 1 byte or more.
    ///   - kek: 32 bytes.
    package static func wrapWithPadding(
        _ key: UnsafeRawBufferPointer, under kek: UnsafeRawBufferPointer
    ) throws(LibCryptoError) -> [UInt8] {
        guard kek.count == 32, !key.isEmpty, let length = Int32(exactly: key.count) else {
            throw .unfit("a key is wrapped under 32 bytes, and is not empty")
        }
        defer { ERR_clear_error() }
        guard let context = EVP_CIPHER_CTX_new() else { throw .failed("no context") }
        defer { EVP_CIPHER_CTX_free(context) }
        EVP_CIPHER_CTX_set_flags(context, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW)
        let keyStart = kek.baseAddress?.assumingMemoryBound(to: UInt8.self)
        guard EVP_EncryptInit_ex(context, EVP_aes_256_wrap_pad(), nil, keyStart, nil) == 1 else {
            throw .failed("AES key wrap cannot be set up")
        }
        let input = key.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let output = [UInt8](unsafeUninitializedCapacity: key.count + 16) { buffer, count in
            var written: Int32 = 0
            let isDone = EVP_EncryptUpdate(context, buffer.baseAddress, &written, input, length)
            count = isDone == 1 ? Int(written) : 0
        }
        guard output.count == (key.count + 7) / 8 * 8 + 8 else { throw .failed("AES key wrap failed") }
        return output
    }
}
