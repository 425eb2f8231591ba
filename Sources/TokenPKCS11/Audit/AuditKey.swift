internal import LibCrypto
internal import PKCS11

/// The audit key found in a token: a P-256 key pair.
struct AuditKey: Sendable {
    let handle: ObjectHandle
    let publicKey: PublicKey

    /// The label of both halves.
    static let label = "kms-audit-1"
}
