import KMSClient

/// Writes JSON for programs: sorted, indented, and nothing else on standard output.
enum JSONText {
    static func write(_ value: some Encodable) throws {
        let text = try ValueEncoder.value(of: value).json(isPretty: true) + [UInt8(ascii: "\n")]
        try text.withUnsafeBytes { try StandardOutput.write($0) }
    }
}
