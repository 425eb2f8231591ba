import ArgumentParser

/// The flag `--json`.
struct OutputOptions: ParsableArguments {
    @Flag(help: "JSON instead of text.")
    var json = false

    func show(_ answer: some PrintableAnswer) throws {
        if json { try JSONText.write(answer) } else { try StandardOutput.write(answer.text) }
    }

    /// Shows the answer as JSON, or writes `text`.
    func show(_ answer: some Encodable, as text: @autoclosure () -> String) throws {
        if json { try JSONText.write(answer) } else { try StandardOutput.write(text()) }
    }
}

/// An answer that people read as text and programs as JSON.
protocol PrintableAnswer: Encodable {
    var text: String { get }
}
