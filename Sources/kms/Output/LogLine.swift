import Logging

/// One line of the log, built byte by byte.
struct LogLine {
    private(set) var bytes: [UInt8] = []

    init(json time: String, _ level: Logger.Level, _ message: String, _ fields: [(name: String, value: String)]) {
        bytes.reserveCapacity(384)
        put("{\"time\":\"")
        put(time)
        put("\",\"level\":\"")
        put(level.rawValue)
        put("\",\"message\":")
        quote(message)
        for field in fields {
            put(",")
            quote(field.name)
            put(":")
            quote(field.value)
        }
        put("}\n")
    }

    init(text time: String, _ level: Logger.Level, _ message: String, _ fields: [(name: String, value: String)]) {
        bytes.reserveCapacity(384)
        put(time)
        put(" ")
        put(level.rawValue)
        put(" ")
        escape(message)
        for field in fields {
            put(" ")
            put(field.name)
            put("=")
            if field.value.utf8.contains(UInt8(ascii: " ")) { quote(field.value) } else { escape(field.value) }
        }
        put("\n")
    }

    private mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func quote(_ text: String) {
        put("\"")
        escape(text)
        put("\"")
    }

    /// Appends text with JSON's escapes (RFC 8259 §7), so that no value can begin a new line or end its quotes.
    private mutating func escape(_ text: String) {
        // Most texts need no escape, and every request writes a line of them.
        guard text.utf8.contains(where: Self.mayBeEscaped) else { return put(text) }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": put("\\\"")
            case "\\": put("\\\\")
            case "\n": put("\\n")
            case "\r": put("\\r")
            case "\t": put("\\t")
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
                let digits = String(scalar.value, radix: 16)
                put("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
            default: bytes.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
            }
        }
    }

    /// Returns true if the UTF-8 byte belongs to a scalar that is escaped, or begins one that may be: U+0080 to U+009F begin with C2.
    private static func mayBeEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F || byte == 0xC2
    }
}
