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

    /// Returns a ceremony transcript signed by the token.
    public func signed(_ transcript: CeremonyTranscript, by principal: Principal) async throws(KMSError)
        -> SignedDocument
    {
        try await withAudit(.reportCustody, by: principal, details: ["ceremony": transcript.ceremony]) {
            (operation) throws(KMSError) in
            try await operation.signed(transcript)
        }
    }

    /// Returns the identity of the token and its module, for a transcript.
    public func tokenFacts() async throws(KMSError) -> TokenFacts {
        try await tokenInformation.facts()
    }

    /// Returns the principal of an operator with the token's PIN on this machine.
    public static func operatorPrincipal() throws(KMSError) -> Principal {
        Principal(profile: Profile(subject: try SubjectID("kms-operator"), kind: .system))
    }
}
