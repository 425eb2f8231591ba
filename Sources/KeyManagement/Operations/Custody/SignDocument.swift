internal import Crypto
internal import LibCrypto

extension OperationContext {
    /// Returns a document signed by the token.
    func signed(_ document: some CustodyDocument) async throws(KMSError) -> SignedDocument {
        guard let auditKey = token.auditKey else { throw KeyService.noAuditKey }
        let content = document.json
        let digest = Array(SHA256.hash(data: content))
        let raw = try await atToken { () throws(TokenError) in try await token.signAudit(digest) }
        guard let signature = ECDSASignature.der(fromRaw: raw) else {
            throw .internalFailure("the token's signature has \(raw.count) bytes, not 64")
        }
        let signed = SignedDocument(content: content, signature: signature, auditKey: auditKey)
        guard try await ComputeThreads.shared.isGenuine(signed) else {
            throw .internalFailure("the token's signature does not verify")
        }
        return signed
    }
}

extension KeyService {
    static var noAuditKey: KMSError {
        .unsupported("the token has no audit key to sign with; 'kms audit init' makes it")
    }
}
