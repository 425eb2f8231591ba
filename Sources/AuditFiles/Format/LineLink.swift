internal import KeyManagement

/// What ties a line of an operation to the line before it, read without what the line says.
struct LineLink {
    let number: UInt64
    let previous: ChainHash

    /// - Returns: nil for lines of other types, and for what does not begin as ours do.
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
