internal import KeyManagement

/// The link of an operation's line to the previous line, read without the rest of the line.
struct LineLink {
    let number: UInt64
    let previous: ChainHash

    /// Reads the beginning of a line.
    ///
    /// - Returns: nil for lines of other types, and for lines that do not begin in the canonical form.
    init?(operation bytes: [UInt8]) {
        var scanner = LineScanner(bytes)
        guard scanner.take("{\"seq\":"), let number = try? scanner.count(), number > 0, scanner.take(",\"prev\":"),
            let previous = try? scanner.hash(), scanner.take(",\"type\":\"operation\","),
            bytes.last == UInt8(ascii: "}")
        else { return nil }
        self.number = number
        self.previous = previous
    }
}
