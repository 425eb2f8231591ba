/// Signs a SHA-256 digest (32 bytes) with the audit key.
///
/// - Returns: `r | s`, 64 bytes (ECDSA, FIPS 186-5 §6).
/// - Throws: ``TokenError/unsupported(_:)`` if the token has no audit key.
package struct SignAuditCall: TokenCall {
    package let digest: [UInt8]

    package init(_ digest: [UInt8]) {
        self.digest = digest
    }

    package func perform(on token: some TokenOperations) async throws(TokenError) -> [UInt8] {
        try await token.signAudit(self)
    }

    /// Signs with a token that has the group's audit key. A token without it, or with another, is skipped.
    package func perform(in group: TokenGroup) async throws(TokenError) -> [UInt8] {
        guard let auditKey = group.auditKey else { throw .unsupported("the token has no audit key") }
        return try await group.onOneToken { (token) throws(TokenError) in
            guard token.auditKey == auditKey else { throw .unavailable("this token has another audit key") }
            return try await token.perform(self)
        }
    }

    package func check(_ signature: [UInt8]) throws(TokenAnswerError) {
        // The caller that has it signed verifies it.
        try TokenAnswers.require(length: signature.count, 64, "a signature")
    }
}

extension Token {
    /// Performs ``SignAuditCall``.
    package func signAudit(_ digest: [UInt8]) async throws(TokenError) -> [UInt8] {
        try await perform(SignAuditCall(digest))
    }
}
