internal import LibCrypto

extension KeyService {
    /// Returns a ceremony transcript signed by the token.
    package func signed(_ transcript: CeremonyTranscript, by principal: Principal) async throws(KMSError)
        -> SignedDocument
    {
        try await withAudit(.reportCustody, by: principal, details: ["ceremony": transcript.ceremony]) {
            (operation) throws(KMSError) in
            try await operation.signed(transcript)
        }
    }

    /// Returns the identity of the token and its module, for a transcript.
    package func tokenFacts() async throws(KMSError) -> TokenFacts {
        try await tokenInformation.facts()
    }

    /// Returns the principal of an operator with the token's PIN on this machine.
    package static func operatorPrincipal() throws(KMSError) -> Principal {
        Principal(profile: Profile(subject: try SubjectID("kms-operator"), kind: .system))
    }
}
