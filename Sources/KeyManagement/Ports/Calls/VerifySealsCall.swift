/// Returns, for each seal, true if a root of this token made it over its message; false also for a seal of an unknown epoch.
public struct VerifySealsCall: TokenCall {
    public let seals: [(seal: Seal, message: [UInt8])]

    public init(_ seals: [(seal: Seal, message: [UInt8])]) {
        self.seals = seals
    }

    public func perform(on token: some TokenOperations) async throws(TokenError) -> [Bool] {
        try await token.verify(self)
    }

    public func check(_ verdicts: [Bool]) throws(TokenAnswerError) {
        try TokenAnswers.require(verdicts.count, of: seals.count)
    }
}

extension Token {
    /// Performs ``VerifySealsCall``.
    public func verify(_ seals: [(seal: Seal, message: [UInt8])]) async throws(TokenError) -> [Bool] {
        try await perform(VerifySealsCall(seals))
    }
}
