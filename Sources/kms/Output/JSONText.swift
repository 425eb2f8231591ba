import FoundationEssentials

/// JSON for programs: sorted, indented, nothing else on standard output.
enum JSONText {
    static func write(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let bytes = try encoder.encode(value)
        try StandardOutput.write(String(decoding: bytes, as: UTF8.self) + "\n")
    }
}
