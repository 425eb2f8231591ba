package import KeyManagement
package import SecretMemory

extension JSONReader {
    package mutating func flag(_ field: FieldPath) throws(KMSError) -> Bool {
        if take(word: "true") { return true }
        if take(word: "false") { return false }
        throw mismatch(field, expected: "true or false")
    }

    /// Reads a whole number in plain digits. `3.0` and `1e3` are refused, because their writer computed with fractions.
    package mutating func wholeNumber(_ field: FieldPath) throws(KMSError) -> Int {
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
    package mutating func text(_ field: FieldPath) throws(KMSError) -> String {
        let string = try string(field)
        let text =
            if string.hasEscapes {
                String(validating: try unescaped(string), as: UTF8.self)
            } else if string.isASCII {
                ascii(string.range)
            } else {
                String(validating: bytes[string.range], as: UTF8.self)
            }
        guard let text else { throw .invalidRequest("\(field) is not UTF-8") }
        return text
    }

    /// Returns ASCII text without validation, which would cost more than reading a short name.
    private func ascii(_ range: Range<Int>) -> String? {
        String(unsafeUninitializedCapacity: range.count) { text in
            text.initialize(fromContentsOf: bytes[range])
        }
    }

    /// Reads base64 (RFC 4648 §4, padded) straight from the body into memory that will be zeroed. The encoded text remains in the buffers
    /// of the body and the socket, which are not zeroed.
    package mutating func secret(_ field: FieldPath) throws(KMSError) -> SecretBytes {
        let string = try string(field)
        let secret: SecretBytes?
        if string.hasEscapes {
            secret = try unescapedSecret(string).withUnsafeBytes { Base64.decode($0) }
        } else {
            secret = bytes[string.range].withUnsafeBytes { Base64.decode($0) }
        }
        guard let secret else { throw .invalidRequest("\(field) is not base64") }
        return secret
    }

    /// Returns the characters of a string with escapes, such as "\\/" of some encoders. The path is not optimised for speed, but its copy
    /// is zeroed too.
    func unescapedSecret(_ string: JSONString) throws(KMSError) -> SecretBytes {
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
        return text
    }

    /// Reads base64 that is no secret: a ciphertext, a signature, a message.
    package mutating func bytes(_ field: FieldPath) throws(KMSError) -> [UInt8] {
        try secret(field).withUnsafeBytes { Array($0) }
    }

    /// Reads the name of a member of a closed set.
    package mutating func member<Member: RawRepresentable<String> & CaseIterable>(
        _ field: FieldPath, of members: Member.Type
    ) throws(KMSError) -> Member {
        let name = try text(field)
        guard name.isASCII, let member = Member(rawValue: name) else {
            let known = Member.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalidRequest("\(field) is \(FieldPath.shown(name)), which is not known; known are \(known)")
        }
        return member
    }

    /// Reads the number of a version.
    package mutating func versionNumber(_ field: FieldPath) throws(KMSError) -> VersionNumber {
        guard let value = UInt32(exactly: try wholeNumber(field)), let number = VersionNumber(value) else {
            throw .invalidRequest("\(field) is not the number of a version, which is 1 to 4294967295")
        }
        return number
    }

    package mutating func context(_ field: FieldPath) throws(KMSError) -> EncryptionContext {
        try EncryptionContext(try texts(field))
    }
}
