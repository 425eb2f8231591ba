/// Unwraps versions as for use, and examines them in the same way as ``ExamineRootsCall``. They are gone from the token when
/// the call returns.
public struct ExamineCall: TokenCall {
    public let keys: [VersionKey]

    public init(_ keys: [VersionKey]) {
        self.keys = keys
    }

    public func perform(on token: some TokenOperations) async throws(TokenError) -> [KeyExamination] {
        try await token.examine(self)
    }

    public func check(_ examinations: [KeyExamination]) throws(TokenAnswerError) {
        try TokenAnswers.require(examinations.count, of: keys.count)
        for (examination, key) in zip(examinations, keys) {
            try TokenAnswers.require(examination.key == key.id.description, "another key's examination")
        }
    }
}

extension Token {
    /// Performs ``ExamineCall``.
    public func examine(_ keys: [VersionKey]) async throws(TokenError) -> [KeyExamination] {
        try await perform(ExamineCall(keys))
    }
}
