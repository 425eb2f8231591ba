internal import CLibCrypto

/// A private key in plaintext. libcrypto erases it when the last reference is released.
package final class PrivateKey {
    /// The encodings of a private key in DER.
    package enum Encoding: String, Sendable, CaseIterable {
        /// PrivateKeyInfo (RFC 5208 §5), for every algorithm.
        case pkcs8 = "PKCS #8"
        /// ECPrivateKey (RFC 5915 §3).
        case sec1 = "SEC1"
        /// RSAPrivateKey (RFC 8017 §A.1.2).
        case pkcs1 = "PKCS #1"
    }

    private let pkey: OpaquePointer
    package let publicKey: PublicKey

    /// Reads a key of a kind that ``PublicKey`` knows.
    ///
    /// - Parameters:
    ///   - der: the encoding, followed by nothing.
    ///   - encoding: the expected structure.
    /// - Throws: ``LibCryptoError/malformed(_:)``; also if the public half belongs to another key.
    package init(der: UnsafeRawBufferPointer, as encoding: Encoding) throws(LibCryptoError) {
        defer { ERR_clear_error() }
        guard let key = Self.parse(der, encoding) else { throw .malformed("not a private key in \(encoding.rawValue)") }
        do throws(LibCryptoError) {
            publicKey = try Self.publicHalf(of: key)
            pkey = key
        } catch {
            EVP_PKEY_free(key)
            throw error
        }
    }

    deinit {
        EVP_PKEY_free(pkey)
    }

    /// Returns true for the DER of an EncryptedPrivateKeyInfo (RFC 5208 §6).
    package static func isEncrypted(der: UnsafeRawBufferPointer) -> Bool {
        defer { ERR_clear_error() }
        var next = der.baseAddress?.assumingMemoryBound(to: UInt8.self)
        guard let sealed = d2i_X509_SIG(nil, &next, der.count) else { return false }
        X509_SIG_free(sealed)
        return true
    }

    /// Writes the key as PKCS #8, with a named curve and an uncompressed point.
    ///
    /// - Parameter output: the memory for the DER, which the caller must erase.
    /// - Returns: the number of bytes written.
    /// - Throws: ``LibCryptoError/unfit(_:)`` if the room is too small.
    package func writePKCS8(into output: UnsafeMutableRawBufferPointer) throws(LibCryptoError) -> Int {
        defer { ERR_clear_error() }
        guard let info = EVP_PKEY2PKCS8(pkey) else { throw .failed("a private key cannot be written") }
        defer { PKCS8_PRIV_KEY_INFO_free(info) }
        let length = Int(i2d_PKCS8_PRIV_KEY_INFO(info, nil))
        guard length > 0, length <= output.count else { throw .unfit("no room for the key") }
        // Owned by the caller; libcrypto writes exactly `length` bytes.
        var next = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        guard i2d_PKCS8_PRIV_KEY_INFO(info, &next) == length else { throw .failed("a private key cannot be written") }
        return length
    }

    /// Returns the key, which the caller must free; nil if the bytes are not all of one.
    private static func parse(_ der: UnsafeRawBufferPointer, _ encoding: Encoding) -> OpaquePointer? {
        guard let start = der.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return nil }
        var next: UnsafePointer<UInt8>? = start
        let key: OpaquePointer?
        switch encoding {
        case .pkcs8:
            guard let info = d2i_PKCS8_PRIV_KEY_INFO(nil, &next, der.count) else { return nil }
            defer { PKCS8_PRIV_KEY_INFO_free(info) }
            key = EVP_PKCS82PKEY(info)
        case .sec1: key = d2i_PrivateKey(EVP_PKEY_EC, nil, &next, der.count)
        case .pkcs1: key = d2i_PrivateKey(EVP_PKEY_RSA, nil, &next, der.count)
        }
        guard let key else { return nil }
        guard next == start + der.count else {
            EVP_PKEY_free(key)
            return nil
        }
        return key
    }

    private static func publicHalf(of key: OpaquePointer) throws(LibCryptoError) -> PublicKey {
        if EVP_PKEY_get_base_id(key) == EVP_PKEY_EC {
            EVP_PKEY_set_utf8_string_param(key, "point-format", "uncompressed")
            guard isPair(key) else { throw .malformed("the public half belongs to another private key") }
        }
        let length = Int(i2d_PUBKEY(key, nil))
        guard length > 0 else { throw .malformed("a private key of an unknown kind") }
        let der = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            var next = buffer.baseAddress
            // The array's own memory, which has the length of the encoding.
            count = i2d_PUBKEY(key, &next) == length ? length : 0
        }
        return try PublicKey(der: der)
    }

    private static func isPair(_ key: OpaquePointer) -> Bool {
        guard let context = EVP_PKEY_CTX_new(key, nil) else { return false }
        defer { EVP_PKEY_CTX_free(context) }
        return EVP_PKEY_pairwise_check(context) == 1
    }
}
