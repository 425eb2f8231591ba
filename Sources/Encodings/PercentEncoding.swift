/// Percent-encoding of text (RFC 3986 §2.1).
package enum PercentEncoding {
    /// Encodes the UTF-8 of a text: all but the unreserved characters of RFC 3986 §2.3.
    package static func text(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default: result += "%" + Hexadecimal.text([byte]).uppercased()
            }
        }
        return result
    }
}
