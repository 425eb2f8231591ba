internal import Crypto
internal import LibCrypto

extension KeyService {
    /// Has the token sign a document.
    func signed(_ document: some CustodyDocument) async throws(KMSError) -> SignedDocument {
        guard let auditKey = token.auditKey else { throw Self.noAuditKey }
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

    static var noAuditKey: KMSError {
        .unsupported("the token has no audit key to sign with; 'kms audit init' makes it")
    }

    /// Has the token sign what was done in a ceremony.
    public func signed(_ transcript: CeremonyTranscript, by principal: Principal) async throws(KMSError)
        -> SignedDocument
    {
        try await perform(.reportCustody, by: principal, ["ceremony": transcript.ceremony]) { (_) throws(KMSError) in
            try await signed(transcript)
        }
    }

    /// Which token this is, for a transcript.
    public func tokenFacts() async throws(KMSError) -> TokenFacts {
        try await atToken { () throws(TokenError) in try await token.facts() }
    }

    /// Whoever works on the machine with the token's PIN.
    public static func operatorPrincipal() throws(KMSError) -> Principal {
        Principal(profile: Profile(subject: try SubjectID("kms-operator"), kind: .system))
    }
}
