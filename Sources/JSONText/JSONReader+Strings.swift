package import KeyManagement

/// The place of a string between its quotes.
package struct JSONString: Sendable {
    package let range: Range<Int>
    package let hasEscapes: Bool
    /// True if every byte between the quotes is ASCII.
    package let isASCII: Bool
}

extension JSONReader {
    /// Finds the next string and steps over it.
    package mutating func string(_ field: FieldPath) throws(KMSError) -> JSONString {
        guard take("\"") else { throw mismatch(field, expected: "a string") }
        let start = position
        var hasEscapes = false
        var isASCII = true
        while true {
            isASCII = skipPlainBytes() && isASCII
            switch current {
            case UInt8(ascii: "\""):
                let range = start..<position
                advance()
                return JSONString(range: range, hasEscapes: hasEscapes, isASCII: isASCII)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                advance()
                guard let escaped = current else { throw malformed("an escape") }
                isASCII = isASCII && escaped < 0x80
                advance()
            case nil: throw malformed("the end of a string")
            default: throw malformed("no control character in a string, but an escape,")
            }
        }
    }

    /// Steps over the plain bytes of a string: all but quotes, backslashes and control characters.
    ///
    /// - Returns: true if all of them are ASCII.
    private mutating func skipPlainBytes() -> Bool {
        let bytes = bytes
        var bits: UInt8 = 0
        var place = position
        while place < bytes.count {
            let byte = bytes[place]
            guard byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else { break }
            bits |= byte
            place += 1
        }
        advance(by: place - position)
        return bits < 0x80
    }

    package func unescaped(_ string: JSONString) throws(KMSError) -> [UInt8] {
        var failure: KMSError?
        let bytes = [UInt8](unsafeUninitializedCapacity: string.range.count) { buffer, count in
            do throws(KMSError) {
                count = try unescape(string, into: UnsafeMutableRawBufferPointer(buffer))
            } catch {
                failure = error
                count = 0
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Writes the text of a string, which is never longer than its escaped form.
    ///
    /// - Returns: the number of bytes written.
    package func unescape(_ string: JSONString, into buffer: UnsafeMutableRawBufferPointer) throws(KMSError) -> Int {
        var count = 0
        var place = string.range.lowerBound
        while place < string.range.upperBound {
            let byte = bytes[place]
            place += 1
            guard byte == UInt8(ascii: "\\") else {
                buffer[count] = byte
                count += 1
                continue
            }
            let scalar = try escapedScalar(at: &place, before: string.range.upperBound)
            for unit in scalar.utf8 {
                buffer[count] = unit
                count += 1
            }
        }
        return count
    }

    /// Reads the escape sequence after a backslash.
    private func escapedScalar(at place: inout Int, before end: Int) throws(KMSError) -> Unicode.Scalar {
        let start = place - 1
        // `string(_:)` has ensured that a byte follows the backslash.
        let letter = bytes[place]
        place += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            guard let scalar = hexScalar(at: &place, before: end) else { throw brokenEscape(at: start) }
            return scalar
        default: throw brokenEscape(at: start)
        }
    }

    /// Reads four hexadecimal digits, or two times four for a surrogate pair; returns nil if they are not a character.
    private func hexScalar(at place: inout Int, before end: Int) -> Unicode.Scalar? {
        guard let first = codeUnit(at: &place, before: end) else { return nil }
        guard UTF16.isLeadSurrogate(first) else { return Unicode.Scalar(first) }
        guard place + 2 <= end, bytes[place] == UInt8(ascii: "\\"), bytes[place + 1] == UInt8(ascii: "u") else {
            return nil
        }
        place += 2
        guard let second = codeUnit(at: &place, before: end), UTF16.isTrailSurrogate(second) else { return nil }
        return Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
    }

    private func codeUnit(at place: inout Int, before end: Int) -> UInt16? {
        guard place + 4 <= end else { return nil }
        var unit: UInt16 = 0
        for byte in bytes[place..<place + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            unit = unit << 4 | UInt16(digit)
        }
        place += 4
        return unit
    }

    private func brokenEscape(at place: Int) -> KMSError {
        .invalidRequest("malformed JSON at byte \(place): not an escape of JSON")
    }
}
