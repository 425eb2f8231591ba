internal import Glibc
internal import KeyManagement

/// The link of an operation's line to the previous line, read without the rest of the line.
struct LineLink {
    let number: UInt64
    let previous: ChainHash

    /// Reads the beginning of a line.
    ///
    /// - Returns: nil for lines of other types, for lines that do not begin in the canonical form, and for lines with a null byte: a hole
    ///   of a sparse file costs nothing to make, but much to read.
    init?(operation bytes: [UInt8]) {
        guard !bytes.hasNullByte else { return nil }
        var scanner = LineScanner(bytes)
        guard scanner.take("{\"seq\":"), let number = try? scanner.count(), number > 0, scanner.take(",\"prev\":"),
            let previous = try? scanner.hash(), scanner.take(",\"type\":\"operation\","),
            bytes.last == UInt8(ascii: "}")
        else { return nil }
        self.number = number
        self.previous = previous
    }
}

extension [UInt8] {
    fileprivate var hasNullByte: Bool {
        withUnsafeBytes { bytes in
            // The array's memory, valid in this closure.
            guard let start = bytes.baseAddress else { return false }
            return memchr(start, 0, bytes.count) != nil
        }
    }
}
