import ArgumentParser
import Glibc

/// The flag `--yes`, of commands that cannot be undone.
struct ConfirmationOption: ParsableArguments {
    @Flag(help: "Do not ask for confirmation; required without a terminal.")
    var yes = false
}

/// Asks for confirmation before a step that cannot be undone.
enum Confirmation {
    /// Throws unless a person can be asked. Called before anything is read or sent.
    static func requireTerminal() throws(Failure) {
        guard Terminal.canAsk else {
            throw Failure(
                .input,
                "nothing was changed: this needs confirmation, and there is no terminal to ask on; repeat the command with --yes"
            )
        }
    }

    /// Shows a question on standard error and reads the answer from standard input.
    ///
    /// - Throws: ``Failure`` unless the answer is `expected`, or without a terminal.
    static func ask(_ question: String, expecting expected: String) throws(Failure) {
        try requireTerminal()
        StandardError.write("\(DisplayText.safeLines(question))\nType '\(DisplayText.safe(expected))' to confirm: ")
        // Compared as bytes: two names that look the same are two names.
        guard let answer = readLine(strippingNewline: true), answer.utf8.elementsEqual(expected.utf8) else {
            throw Failure(.input, "not confirmed; nothing was changed")
        }
    }
}
