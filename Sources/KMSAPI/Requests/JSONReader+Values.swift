import KeyManagement

extension JSONReader {
    mutating func flag(_ field: FieldPath) throws(KMSError) -> Bool {
        if take(word: "true") { return true }
        if take(word: "false") { return false }
        throw mismatch(field, expected: "true or false")
    }

    /// Reads a whole number in plain digits. `3.0` and `1e3` are refused: whoever writes them computed with fractions.
    mutating func wholeNumber(_ field: FieldPath) throws(KMSError) -> Int {
        let start = position
        let isNegative = take("-")
        var digits: [UInt8] = []
        while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            digits.append(byte)
            advance()
        }
        guard let first = digits.first else {
            if isNegative { throw malformed("a digit") }
            throw mismatch(field, expected: "a whole number")
        }
        guard first != UInt8(ascii: "0") || digits.count == 1 else {
            throw .invalidRequest("malformed JSON at byte \(start): a number begins with 0")
        }
        switch current {
        case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
            throw .invalidRequest("\(field) is not a whole number in plain digits")
        default: break
        }
        guard let magnitude = Int(String(decoding: digits, as: UTF8.self)) else {
            throw .invalidRequest("\(field) is too large a number")
        }
        return isNegative ? -magnitude : magnitude
    }

    /// Reads text.
    mutating func text(_ field: FieldPath) throws(KMSError) -> String {
        let string = try string(field)
        let text =
            string.hasEscapes
            ? String(validating: try unescaped(string), as: UTF8.self)
            : String(validating: bytes[string.range], as: UTF8.self)
        guard let text else { throw .invalidRequest("\(field) is not UTF-8") }
        return text
    }

    /// Reads base64 (RFC 4648 §4, padded) straight from the body into memory that will be zeroed. The text itself stays
    /// behind in the body's buffer and in the buffer of the socket, which nobody zeroes.
    mutating func secret(_ field: FieldPath) throws(KMSError) -> SecretBytes {
        let string = try string(field)
        let secret: SecretBytes?
        if string.hasEscapes {
            // Some encoders write "\/". Not a path worth being quick on, but its copy is zeroed like the rest.
            var failure: KMSError?
            let text = SecretBytes(capacity: string.range.count) { buffer in
                do throws(KMSError) {
                    return try unescape(string, into: buffer)
                } catch {
                    failure = error
                    return 0
                }
            }
            if let failure { throw failure }
            secret = text.withUnsafeBytes { Base64.decode($0) }
        } else {
            secret = bytes[string.range].withUnsafeBytes { Base64.decode($0) }
        }
        guard let secret else { throw .invalidRequest("\(field) is not base64") }
        return secret
    }
}
