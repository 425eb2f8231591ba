package import KeyManagement

/// Signs checkpoints with a key that never leaves the token.
package protocol CheckpointSigner: Sendable {
    /// The public key, a point of P-256.
    var publicKey: PublicKeyInfo { get }

    /// Signs a SHA-256 digest (32 bytes): `r | s`, 64 bytes (ECDSA, FIPS 186-5 §6).
    func sign(_ digest: [UInt8]) async throws(TokenError) -> [UInt8]
}

/// The audit key of a token.
package struct TokenCheckpointSigner: CheckpointSigner {
    package let publicKey: PublicKeyInfo
    private let token: any Token

    /// Returns nil if the token has no audit key.
    package init?(_ token: any Token) {
        guard let key = token.auditKey else { return nil }
        publicKey = key
        self.token = token
    }

    package func sign(_ digest: [UInt8]) async throws(TokenError) -> [UInt8] { try await token.signAudit(digest) }
}
