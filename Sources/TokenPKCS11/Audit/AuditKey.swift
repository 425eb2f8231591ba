internal import LibCrypto
internal import PKCS11

/// The audit key as it was found: a P-256 pair of the token.
struct AuditKey: Sendable {
    let handle: ObjectHandle
    let publicKey: PublicKey

    /// The label of both halves.
    static let label = "kms-audit-1"
}
