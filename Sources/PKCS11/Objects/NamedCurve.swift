/// The named curves, which `CKA_EC_PARAMS` identifies by the DER of their object identifiers (Current Mechanisms v2.40 §2.3.3).
public enum NamedCurve: Sendable, Hashable, CaseIterable {
    /// NIST P-256, secp256r1.
    case p256
    /// NIST P-384, secp384r1.
    case p384
    /// NIST P-521, secp521r1.
    case p521
    /// The curve of Bitcoin.
    case secp256k1
    /// Edwards curve of RFC 8032, by the identifier of RFC 8410.
    case ed25519

    /// The DER of the curve's `ECParameters`.
    public var parameters: [UInt8] {
        switch self {
        case .p256: [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
        case .p384: [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22]
        case .p521: [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x23]
        case .secp256k1: [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x0A]
        case .ed25519: [0x06, 0x03, 0x2B, 0x65, 0x70]
        }
    }
}
