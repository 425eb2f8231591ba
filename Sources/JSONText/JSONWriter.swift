import Encodings
internal import Glibc
package import KeyManagement
internal import LibCrypto
package import NIOCore
package import SecretMemory

/// Writes one JSON text (RFC 8259), from front to back.
///
/// Secrets are encoded from their own memory straight into the text, without an intermediate string. The text is zeroed once it is in the
/// buffer for the socket. That buffer is not zeroed, because it belongs to NIO, which may keep and reuse it. Reserve enough room for the
/// text, so that it does not grow and leave copies behind.
package struct JSONWriter {
    private var bytes: [UInt8] = []
    private var needsComma = false

    package init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    /// Returns the text, and erases the writer's copy.
    package mutating func finish() -> ByteBuffer {
        let buffer = ByteBuffer(bytes: bytes)
        bytes.withUnsafeMutableBytes { text in
            // Unsafe: the array's own memory, all of it written before.
            guard let start = text.baseAddress else { return }
            explicit_bzero(start, text.count)
        }
        bytes = []
        return buffer
    }

    /// Writes the outermost object, or one in a list.
    package mutating func object(_ members: (inout JSONWriter) -> Void) {
        separate()
        open("{")
        members(&self)
        close("}")
    }

    package mutating func object(_ name: StaticString, _ members: (inout JSONWriter) -> Void) {
        self.name(name)
        open("{")
        members(&self)
        close("}")
    }

    package mutating func list<Item>(_ name: StaticString, _ items: [Item], _ write: (inout JSONWriter, Item) -> Void) {
        self.name(name)
        open("[")
        for item in items { write(&self, item) }
        close("]")
    }

    package mutating func field(_ name: StaticString, _ text: String) {
        self.name(name)
        put(byte: "\"")
        escape(text)
        put(byte: "\"")
    }

    /// Writes a constant text, which needs no escapes.
    package mutating func field(_ name: StaticString, _ text: StaticString) {
        self.name(name)
        put(byte: "\"")
        put(text)
        put(byte: "\"")
    }

    package mutating func field(_ name: StaticString, _ number: some FixedWidthInteger) {
        self.name(name)
        put(String(number))
    }

    package mutating func field(_ name: StaticString, _ flag: Bool) {
        self.name(name)
        put(flag ? "true" : "false")
    }

    /// Writes a time as seconds since 1970, with three decimals.
    package mutating func field(_ name: StaticString, seconds time: Timestamp) {
        self.name(name)
        let (seconds, rest) = time.milliseconds.quotientAndRemainder(dividingBy: 1000)
        let digits = String(rest.magnitude)
        put("\(seconds)." + String(repeating: "0", count: 3 - digits.utf8.count) + digits)
    }

    package mutating func null(_ name: StaticString) {
        self.name(name)
        put("null")
    }

    /// Writes an object that is already encoded.
    package mutating func field(_ name: StaticString, json: some Collection<UInt8>) {
        self.name(name)
        bytes.append(contentsOf: json)
    }

    /// Writes pairs of text as an object.
    package mutating func field(_ name: StaticString, _ pairs: [(name: String, value: String)]) {
        self.name(name)
        open("{")
        for pair in pairs {
            separate()
            put(byte: "\"")
            escape(pair.name)
            put("\":\"")
            escape(pair.value)
            put(byte: "\"")
        }
        close("}")
    }

    /// Writes a list of constant texts, which need no escapes.
    package mutating func field(_ name: StaticString, _ texts: [String]) {
        self.name(name)
        open("[")
        for text in texts {
            separate()
            put("\"\(text)\"")
        }
        close("]")
    }

    /// Writes bytes that are not secret as base64.
    package mutating func field(_ name: StaticString, base64 value: [UInt8]) {
        self.name(name)
        put(byte: "\"")
        value.withUnsafeBytes { put(base64: $0) }
        put(byte: "\"")
    }

    /// Writes a text in a list.
    package mutating func item(_ text: String) {
        separate()
        put(byte: "\"")
        escape(text)
        put(byte: "\"")
    }

    /// Writes bytes that are not secret as hexadecimal digits.
    package mutating func field(_ name: StaticString, hexadecimal value: [UInt8]) {
        field(name, Hexadecimal.text(value))
    }

    /// Writes a text, or null.
    package mutating func field(_ name: StaticString, optional text: String?) {
        if let text { field(name, text) } else { null(name) }
    }

    /// Writes a secret as base64.
    package mutating func field(_ name: StaticString, base64 secret: SecretBytes) {
        self.name(name)
        put(byte: "\"")
        secret.withUnsafeBytes { put(base64: $0) }
        put(byte: "\"")
    }

    private mutating func put(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    private mutating func put(_ text: String) {
        var text = text
        text.withUTF8 { bytes.append(contentsOf: $0) }
    }

    private mutating func put(base64 value: UnsafeRawBufferPointer) {
        let start = bytes.count
        let length = Base64Codec.length(ofEncoded: value.count)
        bytes.append(contentsOf: repeatElement(0, count: length))
        bytes.withUnsafeMutableBytes { text in
            _ = Base64Codec.encode(value, into: UnsafeMutableRawBufferPointer(rebasing: text[start...]))
        }
    }

    private mutating func put(byte: Unicode.Scalar) {
        bytes.append(UInt8(ascii: byte))
    }

    /// Writes a name. Names are constants and need no escapes.
    private mutating func name(_ name: StaticString) {
        separate()
        put(byte: "\"")
        put(name)
        put(byte: "\"")
        put(byte: ":")
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { put(byte: ",") }
        needsComma = true
    }

    private mutating func open(_ bracket: Unicode.Scalar) {
        put(byte: bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: Unicode.Scalar) {
        put(byte: bracket)
        needsComma = true
    }

    private mutating func escape(_ text: String) {
        var text = text
        let isPlain = text.withUTF8 { text in
            guard !text.contains(where: Self.needsEscape) else { return false }
            bytes.append(contentsOf: text)
            return true
        }
        guard !isPlain else { return }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): put("\\\"")
            case UInt8(ascii: "\\"): put("\\\\")
            case 0..<0x20:
                put("\\u00")
                bytes.append(Hexadecimal.digits[Int(byte >> 4)])
                bytes.append(Hexadecimal.digits[Int(byte & 0x0F)])
            default: bytes.append(byte)
            }
        }
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }
}
