/// Writes JSON for programs: sorted, indented, and nothing else on standard output.
enum JSONText {
    static func write(_ value: some Encodable) throws {
        try StandardOutput.write(try ValueEncoder.value(of: value).json(isPretty: true) + "\n")
    }
}
