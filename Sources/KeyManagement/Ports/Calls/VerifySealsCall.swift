/// Returns, for each seal, true if a root of this token made it over its message; false also for a seal of an unknown epoch.
package struct VerifySealsCall: TokenCall {
    package let seals: [(seal: Seal, message: [UInt8])]

    package init(_ seals: [(seal: Seal, message: [UInt8])]) {
        self.seals = seals
    }

    package func perform(on token: some TokenOperations) async throws(TokenError) -> [Bool] {
        try await token.verify(self)
    }

    package func check(_ verdicts: [Bool]) throws(TokenAnswerError) {
        try TokenAnswers.require(verdicts.count, of: seals.count)
    }
}

extension Token {
    /// Performs ``VerifySealsCall``.
    package func verify(_ seals: [(seal: Seal, message: [UInt8])]) async throws(TokenError) -> [Bool] {
        try await perform(VerifySealsCall(seals))
    }
}
