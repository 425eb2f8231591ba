import Glibc

/// Asks for confirmation before a step that cannot be undone.
enum Confirmation {
    /// Shows a question on standard error and reads the answer from standard input.
    ///
    /// - Throws: ``Failure`` unless the answer is `expected`.
    static func ask(_ question: String, expecting expected: String) throws(Failure) {
        StandardError.write("\(question)\nType '\(expected)' to go on: ")
        guard readLine(strippingNewline: true) == expected else {
            throw Failure(.input, "not confirmed; nothing was changed")
        }
    }
}
