public import KeyManagement
internal import LibCrypto
internal import PKCS11

extension PKCS11Token {
    public var auditKey: PublicKeyInfo? { audit.map { PublicKeyInfo(der: $0.publicKey.der) } }

    public func signAudit(_ digest: [UInt8]) async throws(TokenError) -> [UInt8] {
        guard let audit else { throw .unsupported("the token has no audit key") }
        guard digest.count == 32 else { throw .failed("\(digest.count) bytes are no SHA-256 digest") }
        return try await onWorker { (_, worker) throws(TokenError) in
            do throws(PKCS11Error) {
                return try worker.withSession { (session) throws(PKCS11Error) in
                    try KeyUse.sign(digest, by: .ecdsaSHA256, with: audit.handle, of: .ecP256, in: session)
                }
            } catch {
                throw TokenError(error)
            }
        }
    }
}
