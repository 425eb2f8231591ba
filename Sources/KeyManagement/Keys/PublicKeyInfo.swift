/// The public key of a version, as DER of a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
package struct PublicKeyInfo: Hashable, Sendable {
    package let der: [UInt8]

    package init(der: [UInt8]) {
        self.der = der
    }
}

/// A value of 16 bytes that the token computes with a symmetric key, always the same for the same key. It reveals nothing else
/// about the key.
///
/// For AES it is one encrypted block that ends in `FF FF FF FF`. No counter block of GCM with a 96-bit nonce and a message
/// under 64 GiB does (NIST SP 800-38D §7.1). It is also not the block of zeros, whose encryption is GCM's hash key.
package struct CheckValue: Hashable, Sendable {
    package let bytes: [UInt8]

    package static let byteCount = 16

    /// Creates a value from exactly 16 bytes; `nil` for any other number.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }
}
