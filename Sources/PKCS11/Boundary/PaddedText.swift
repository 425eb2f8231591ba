extension String {
    /// Text from a fixed-size array of an information structure: padded with blanks and not terminated (v2.40 §3.1). Some tokens
    /// pad with zeroes; both are trimmed. Invalid UTF-8 is repaired.
    init<Bytes: BitwiseCopyable>(padded bytes: Bytes) {
        self = withUnsafeBytes(of: bytes) { bytes in
            let end = bytes.lastIndex { $0 != UInt8(ascii: " ") && $0 != 0 }
            return String(decoding: bytes[..<(end.map { $0 + 1 } ?? 0)], as: UTF8.self)
        }
    }
}
