package import KeyManagement

extension JSONReader {
    /// The deepest nesting that is stepped over. The shapes of the API have at most three levels.
    private static let maxSkippedDepth = 16

    /// Steps over a value of any type. Checks that it is JSON (RFC 8259), but not the content of numbers and escapes.
    package mutating func skipValue() throws(KMSError) { try skipValue(at: 0) }

    private mutating func skipValue(at depth: Int) throws(KMSError) {
        guard depth < Self.maxSkippedDepth else { throw .invalidRequest("the body is nested too deeply") }
        skipSpace()
        switch current {
        case UInt8(ascii: "\""): _ = try string(.body)
        case UInt8(ascii: "{"):
            try members(of: .body) { (reader, _) throws(KMSError) in try reader.skipValue(at: depth + 1) }
        case UInt8(ascii: "["): try skipList(at: depth + 1)
        case UInt8(ascii: "t") where take(word: "true"), UInt8(ascii: "f") where take(word: "false"),
            UInt8(ascii: "n") where take(word: "null"):
            return
        case let byte? where byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte): skipNumber()
        default: throw malformed("a value")
        }
    }

    private mutating func skipList(at depth: Int) throws(KMSError) {
        advance()
        skipSpace()
        if take("]") { return }
        while true {
            try skipValue(at: depth)
            skipSpace()
            if take(",") { continue }
            guard take("]") else { throw malformed("',' or ']'") }
            return
        }
    }

    private mutating func skipNumber() {
        while let byte = current, (0x30...0x39).contains(byte) || "+-.eE".utf8.contains(byte) { advance() }
    }
}
