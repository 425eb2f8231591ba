/// Unwraps versions as for use, and examines them in the same way as ``ExamineRootsCall``. They are gone from the token when
/// the call returns.
package struct ExamineCall: TokenCall {
    package let keys: [VersionKey]

    package init(_ keys: [VersionKey]) {
        self.keys = keys
    }

    package func perform(on token: some TokenOperations) async throws(TokenError) -> [KeyExamination] {
        try await token.examine(self)
    }

    package func check(_ examinations: [KeyExamination]) throws(TokenAnswerError) {
        try TokenAnswers.require(examinations.count, of: keys.count)
        for (examination, key) in zip(examinations, keys) {
            try TokenAnswers.require(examination.key == key.id.description, "another key's examination")
        }
    }
}

extension Token {
    /// Performs ``ExamineCall``.
    package func examine(_ keys: [VersionKey]) async throws(TokenError) -> [KeyExamination] {
        try await perform(ExamineCall(keys))
    }
}
