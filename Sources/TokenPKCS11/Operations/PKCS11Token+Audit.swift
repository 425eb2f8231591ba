public import KeyManagement
internal import PKCS11

extension PKCS11Token {
    public var auditKey: PublicKeyInfo? { nil }

    public func signAudit(_ digest: [UInt8]) async throws(TokenError) -> [UInt8] {
        throw .unsupported("the token has no audit key")
    }
}
