import KeyManagement

/// Decodes percent-encoding (RFC 3986 §2.1), strictly.
enum PercentDecoding {
    /// Decodes a text.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` for a `%` without two hexadecimal digits, and for a result that is not UTF-8.
    static func decode(_ text: some StringProtocol, of what: StaticString) throws(KMSError) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(digitValue), let low = rest.popFirst().flatMap(digitValue) else {
                throw .invalidRequest("\(what) has a broken percent-encoding")
            }
            bytes.append(high << 4 | low)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else {
            throw .invalidRequest("\(what) is not UTF-8")
        }
        return decoded
    }

    private static func digitValue(_ byte: UInt8) -> UInt8? {
        Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) }
    }
}
