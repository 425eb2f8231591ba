/// The public half of a version, as DER of a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
public struct PublicKeyInfo: Hashable, Sendable {
    public let der: [UInt8]

    public init(der: [UInt8]) {
        self.der = der
    }
}

/// 16 bytes that the token computes with a symmetric key, the same ones for the same key. They tell nothing else of it.
///
/// For AES it is one block, encrypted, that ends in `FF FF FF FF`: no counter block of GCM with a 96-bit nonce and a message of
/// less than 64 GiB does (NIST SP 800-38D §7.1), and it is not the block of zeros, whose encryption is GCM's hash key.
public struct CheckValue: Hashable, Sendable {
    public let bytes: [UInt8]

    public static let byteCount = 16

    /// Takes exactly 16 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }
}
