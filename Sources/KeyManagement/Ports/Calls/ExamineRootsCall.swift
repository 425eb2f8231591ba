/// Reads the attributes of all root keys and of the audit key, and tries on each every operation that must be refused.
public struct ExamineRootsCall: TokenCall {
    public init() {}

    public func perform(on token: some TokenOperations) async throws(TokenError) -> [KeyExamination] {
        try await token.examineRoots(self)
    }

    public func check(_ examinations: [KeyExamination]) {}
}

extension Token {
    /// Performs ``ExamineRootsCall``.
    public func examineRoots() async throws(TokenError) -> [KeyExamination] {
        try await perform(ExamineRootsCall())
    }
}
