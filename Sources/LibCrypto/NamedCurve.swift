/// The curves of ECDSA keys.
package enum NamedCurve: String, Sendable, CaseIterable {
    /// P-256, NIST SP 800-186 §3.2.1.3.
    case p256
    /// P-384, §3.2.1.4.
    case p384
    /// P-521, §3.2.1.5.
    case p521
    /// secp256k1, SEC 2 §2.4.1.
    case secp256k1

    /// The length of a coordinate, in bytes.
    package var coordinateByteCount: Int {
        switch self {
        case .p256, .secp256k1: 32
        case .p384: 48
        case .p521: 66
        }
    }

    /// The content of the object identifier in DER, without tag and length (RFC 5480 §2.1.1.1, SEC 2 §A.2.1).
    var identifier: [UInt8] {
        switch self {
        case .p256: [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
        case .p384: [0x2B, 0x81, 0x04, 0x00, 0x22]
        case .p521: [0x2B, 0x81, 0x04, 0x00, 0x23]
        case .secp256k1: [0x2B, 0x81, 0x04, 0x00, 0x0A]
        }
    }

    /// The name in a JSON Web Key (RFC 7518 §6.2.1.1, RFC 8812 §3.1).
    var jwkName: String {
        switch self {
        case .p256: "P-256"
        case .p384: "P-384"
        case .p521: "P-521"
        case .secp256k1: "secp256k1"
        }
    }
}
