/// Reads the attributes of all root keys and of the audit key, and tries on each every operation that must be refused.
package struct ExamineRootsCall: TokenCall {
    package init() {}

    package func perform(on token: some TokenOperations) async throws(TokenError) -> [KeyExamination] {
        try await token.examineRoots(self)
    }

    package func check(_ examinations: [KeyExamination]) {}
}

extension Token {
    /// Performs ``ExamineRootsCall``.
    package func examineRoots() async throws(TokenError) -> [KeyExamination] {
        try await perform(ExamineRootsCall())
    }
}
