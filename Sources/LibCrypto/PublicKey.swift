internal import CLibCrypto

/// A public key and its operations, which need neither a secret nor a token.
///
/// RSA with 2,048 to 4,096 bits, ECDSA on a ``NamedCurve``, Ed25519. Anything else is refused.
package final class PublicKey: @unchecked Sendable {
    // Sendable: the key is made by the initialiser and never changed, and libcrypto locks what it caches in it. deinit frees it, after the
    // last reference is released.
    let pkey: OpaquePointer
    let components: Components

    package enum Kind: Hashable, Sendable {
        case rsa(bits: Int)
        case ec(NamedCurve)
        case ed25519
    }

    package var kind: Kind { components.kind }

    /// Reads a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7): its canonical DER encoding, followed by nothing.
    ///
    /// - Throws: ``LibCryptoError/malformed(_:)``; also for a point that is not on its curve.
    package convenience init(der: [UInt8]) throws(LibCryptoError) {
        guard let components = Components(der: der), components.der == der else {
            throw .malformed("not the DER of a public key that is known here")
        }
        try self.init(components)
    }

    /// Makes a key from an RSA modulus and public exponent, big-endian.
    package convenience init(rsaModulus modulus: [UInt8], exponent: [UInt8]) throws(LibCryptoError) {
        try self.init(
            .rsa(modulus: Array(modulus.drop { $0 == 0 }), exponent: Array(exponent.drop { $0 == 0 })))
    }

    /// Makes a key from a point in the uncompressed form `04 | X | Y` (SEC 1 §2.3.3).
    package convenience init(curve: NamedCurve, point: [UInt8]) throws(LibCryptoError) {
        try self.init(.ec(curve, point: point))
    }

    /// Makes a key from the 32 bytes of RFC 8032 §5.1.5.
    package convenience init(ed25519 bytes: [UInt8]) throws(LibCryptoError) {
        try self.init(.ed25519(bytes))
    }

    private init(_ components: Components) throws(LibCryptoError) {
        try components.check()
        let der = components.der
        let parsed = der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var next = buffer.baseAddress
            // The array's memory; the key copies the bytes that it needs.
            return d2i_PUBKEY(nil, &next, buffer.count)
        }
        ERR_clear_error()
        guard let parsed else { throw .malformed("not a public key") }
        guard Self.isSound(parsed) else {
            EVP_PKEY_free(parsed)
            throw .malformed("the point is not on the curve, or the numbers are no key")
        }
        pkey = parsed
        self.components = components
    }

    deinit {
        EVP_PKEY_free(pkey)
    }

    /// Performs the checks of NIST SP 800-56A §5.6.2.3 for points, and of SP 800-56B §6.4.2 for RSA.
    private static func isSound(_ key: OpaquePointer) -> Bool {
        defer { ERR_clear_error() }
        guard let context = EVP_PKEY_CTX_new(key, nil) else { return false }
        defer { EVP_PKEY_CTX_free(context) }
        return EVP_PKEY_public_check(context) == 1
    }

    /// The uncompressed point of a key on a curve, or the 32 bytes of Ed25519; nil for RSA.
    package var point: [UInt8]? {
        switch components {
        case .rsa: nil
        case .ec(_, let point): point
        case .ed25519(let bytes): bytes
        }
    }

    /// The DER of the SubjectPublicKeyInfo.
    package var der: [UInt8] { components.der }
}
