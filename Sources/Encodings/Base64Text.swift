/// Base64 of data that is not secret (RFC 4648).
package enum Base64Text {
    /// Returns base64 with padding (§4).
    package static func encode(_ bytes: [UInt8]) -> String {
        bytes.withUnsafeBytes { bytes in
            String(unsafeUninitializedCapacity: Base64Codec.length(ofEncoded: bytes.count)) {
                Base64Codec.encode(bytes, into: UnsafeMutableRawBufferPointer($0))
            }
        }
    }

    /// Reads padded base64; returns nil for anything that ``encode(_:)`` does not write.
    package static func decode(_ text: String) -> [UInt8]? {
        var text = text
        return text.withUTF8 { decode(UnsafeRawBufferPointer($0)) }
    }

    package static func decode(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        var isText = false
        let bytes = [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3) { output, count in
            guard let decoded = Base64Codec.decode(text, into: UnsafeMutableRawBufferPointer(output)) else { return }
            isText = true
            count = decoded
        }
        return isText ? bytes : nil
    }
}
