package import KeyManagement
package import NIOCore

/// Writes one JSON text (RFC 8259) into a buffer, from front to back.
///
/// Secrets are encoded from their own memory straight into the buffer; no string of them exists. The buffer itself goes
/// down to the socket and is not zeroed: it belongs to NIO by then, which may keep and reuse it. Reserve enough room for
/// it, so that it does not grow and leave copies behind.
package struct JSONWriter {
    package private(set) var buffer: ByteBuffer
    private var needsComma = false

    package init(capacity: Int) {
        buffer = ByteBufferAllocator().buffer(capacity: capacity)
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
        buffer.writeStaticString("\"")
        escape(text)
        buffer.writeStaticString("\"")
    }

    /// Writes a text of our own, which needs no escapes.
    package mutating func field(_ name: StaticString, _ text: StaticString) {
        self.name(name)
        buffer.writeStaticString("\"")
        buffer.writeStaticString(text)
        buffer.writeStaticString("\"")
    }

    package mutating func field(_ name: StaticString, _ number: some FixedWidthInteger) {
        self.name(name)
        buffer.writeString(String(number))
    }

    package mutating func field(_ name: StaticString, _ flag: Bool) {
        self.name(name)
        buffer.writeStaticString(flag ? "true" : "false")
    }

    /// Writes a time as seconds since 1970, with three decimals.
    package mutating func field(_ name: StaticString, seconds time: Timestamp) {
        self.name(name)
        let (seconds, rest) = time.milliseconds.quotientAndRemainder(dividingBy: 1000)
        let digits = String(rest.magnitude)
        buffer.writeString("\(seconds)." + String(repeating: "0", count: 3 - digits.utf8.count) + digits)
    }

    package mutating func null(_ name: StaticString) {
        self.name(name)
        buffer.writeStaticString("null")
    }

    /// Writes an object that was written before.
    package mutating func field(_ name: StaticString, json: some Collection<UInt8>) {
        self.name(name)
        buffer.writeBytes(json)
    }

    /// Writes pairs of text as an object.
    package mutating func field(_ name: StaticString, _ pairs: [(name: String, value: String)]) {
        self.name(name)
        open("{")
        for pair in pairs {
            separate()
            buffer.writeStaticString("\"")
            escape(pair.name)
            buffer.writeStaticString("\":\"")
            escape(pair.value)
            buffer.writeStaticString("\"")
        }
        close("}")
    }

    /// Writes a list of texts of our own, which need no escapes.
    package mutating func field(_ name: StaticString, _ texts: [String]) {
        self.name(name)
        open("[")
        for text in texts {
            separate()
            buffer.writeString("\"\(text)\"")
        }
        close("]")
    }

    /// Writes bytes that are no secret as base64.
    package mutating func field(_ name: StaticString, base64 bytes: [UInt8]) {
        self.name(name)
        buffer.writeStaticString("\"")
        bytes.withUnsafeBytes { Base64.encode($0, into: &buffer) }
        buffer.writeStaticString("\"")
    }

    /// Writes a text of a list.
    package mutating func item(_ text: String) {
        separate()
        buffer.writeStaticString("\"")
        escape(text)
        buffer.writeStaticString("\"")
    }

    /// Writes bytes that are no secret as hexadecimal digits.
    package mutating func field(_ name: StaticString, hexadecimal bytes: [UInt8]) {
        field(name, Hexadecimal.text(bytes))
    }

    /// Writes a text, or null.
    package mutating func field(_ name: StaticString, optional text: String?) {
        if let text { field(name, text) } else { null(name) }
    }

    /// Writes a secret as base64.
    package mutating func field(_ name: StaticString, base64 secret: SecretBytes) {
        self.name(name)
        buffer.writeStaticString("\"")
        secret.withUnsafeBytes { Base64.encode($0, into: &buffer) }
        buffer.writeStaticString("\"")
    }

    /// Names are our own and need no escapes.
    private mutating func name(_ name: StaticString) {
        separate()
        buffer.writeStaticString("\"")
        buffer.writeStaticString(name)
        buffer.writeStaticString("\":")
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { buffer.writeStaticString(",") }
        needsComma = true
    }

    private mutating func open(_ bracket: StaticString) {
        buffer.writeStaticString(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: StaticString) {
        buffer.writeStaticString(bracket)
        needsComma = true
    }

    private mutating func escape(_ text: String) {
        guard text.utf8.contains(where: Self.needsEscape) else {
            buffer.writeString(text)
            return
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): buffer.writeStaticString("\\\"")
            case UInt8(ascii: "\\"): buffer.writeStaticString("\\\\")
            case 0..<0x20:
                buffer.writeStaticString("\\u00")
                buffer.writeInteger(Self.digit(byte >> 4))
                buffer.writeInteger(Self.digit(byte & 0x0F))
            default: buffer.writeInteger(byte)
            }
        }
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
