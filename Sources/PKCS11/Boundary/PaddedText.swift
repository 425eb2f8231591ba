extension String {
    /// Text from an array of fixed size, as the information structures have it: padded with blanks, not terminated
    /// (v2.40 §3.1). Some tokens pad with zeroes; both are trimmed. What is not UTF-8 is repaired.
    init<Bytes: BitwiseCopyable>(padded bytes: Bytes) {
        self = withUnsafeBytes(of: bytes) { bytes in
            let end = bytes.lastIndex { $0 != UInt8(ascii: " ") && $0 != 0 }
            return String(decoding: bytes[..<(end.map { $0 + 1 } ?? 0)], as: UTF8.self)
        }
    }
}
