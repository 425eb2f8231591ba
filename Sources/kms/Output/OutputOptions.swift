import ArgumentParser
import KMSClient

/// The flag `--json`.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print JSON for programs.")
    var json = false

    func show(_ answer: some PrintableAnswer) throws {
        if json { try JSONText.write(answer) } else { try StandardOutput.write(answer.text(in: style)) }
    }

    /// Shows the answer as JSON, or writes `text`.
    func show(_ answer: some Encodable, as text: @autoclosure () -> String) throws {
        if json { try JSONText.write(answer) } else { try StandardOutput.write(text()) }
    }

    var style: TextStyle { .ofStandardOutput(isWide: false) }
}

/// The flags `--json` and `--wide`, of commands whose text can be short or whole.
struct ViewOptions: ParsableArguments {
    @OptionGroup var output: OutputOptions

    @Flag(help: "Print all columns and properties, and exact times.")
    var wide = false

    var style: TextStyle { .ofStandardOutput(isWide: wide) }

    func show(_ answer: some PrintableAnswer) throws {
        try output.show(answer, as: answer.text(in: style))
    }
}

/// An answer that people read as text and programs as JSON.
protocol PrintableAnswer: Encodable {
    func text(in style: TextStyle) -> String
}
