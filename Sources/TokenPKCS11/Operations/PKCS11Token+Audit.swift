package import KeyManagement
internal import LibCrypto
internal import PKCS11

extension PKCS11Token {
    package var auditKey: PublicKeyInfo? { auditPublicKey.map { PublicKeyInfo(der: $0.der) } }

    package func signAudit(_ call: SignAuditCall) async throws(TokenError) -> [UInt8] {
        guard auditPublicKey != nil else { throw .unsupported("the token has no audit key") }
        let digest = call.digest
        guard digest.count == 32 else { throw .failed("\(digest.count) bytes are no SHA-256 digest") }
        let expected = auditPublicKey
        return try await onWorker { (connection) throws(TokenError) in
            guard let audit = connection.audit, audit.publicKey.der == expected?.der else {
                throw .unavailable("the audit key is not the one that the service started with")
            }
            do throws(PKCS11Error) {
                return try connection.withSession { (session) throws(PKCS11Error) in
                    try KeyUse.sign(digest, by: .ecdsaSHA256, with: audit.handle, of: .ecP256, in: session)
                }
            } catch {
                throw TokenError(error)
            }
        }
    }
}
