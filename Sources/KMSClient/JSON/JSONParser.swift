import Glibc
import SecretMemory

/// Reads one JSON text (RFC 8259), strictly: duplicate members, text that is not UTF-8 and anything after the end are refused.
struct JSONParser {
    struct Malformed: Error {}

    /// The members whose texts are secret.
    private static let secretMembers: Set<String> = ["plaintext", "privateKey", "secret", "token"]
    private static let maxDepth = 32

    private var bytes: [UInt8]
    private var position = 0

    private init(bytes: [UInt8]) { self.bytes = bytes }

    /// Reads a whole text. The parser's own copy of it is zeroed.
    static func parse(_ bytes: some Collection<UInt8>) throws(Malformed) -> JSONValue {
        var parser = JSONParser(bytes: Array(bytes))
        defer { zero(&parser.bytes) }
        let value = try parser.value(depth: maxDepth)
        parser.skipSpace()
        guard parser.current == nil else { throw Malformed() }
        return value
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    /// Steps over `byte` if it comes next.
    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard current == UInt8(ascii: byte) else { return false }
        position += 1
        return true
    }

    private mutating func take(word: String) -> Bool {
        guard bytes[position...].starts(with: word.utf8) else { return false }
        position += word.utf8.count
        return true
    }

    private mutating func value(depth: Int, isSecret: Bool = false) throws(Malformed) -> JSONValue {
        skipSpace()
        switch current {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard depth > 0 else { throw Malformed() }
            return current == UInt8(ascii: "{") ? try object(depth: depth) : try list(depth: depth)
        case UInt8(ascii: "\""): return try text(isSecret: isSecret)
        default:
            if take(word: "true") { return .flag(true) }
            if take(word: "false") { return .flag(false) }
            if take(word: "null") { return .null }
            return try number()
        }
    }

    private mutating func object(depth: Int) throws(Malformed) -> JSONValue {
        position += 1
        var members: [JSONValue.Member] = []
        var names: Set<[UInt8]> = []
        skipSpace()
        if take("}") { return .object(members) }
        repeat {
            skipSpace()
            let bytes = try string()
            guard names.insert(bytes).inserted, let name = String(validating: bytes, as: UTF8.self) else {
                throw Malformed()
            }
            skipSpace()
            guard take(":") else { throw Malformed() }
            let isSecret = Self.secretMembers.contains(name)
            members.append(JSONValue.Member(name: name, value: try value(depth: depth - 1, isSecret: isSecret)))
            skipSpace()
        } while take(",")
        guard take("}") else { throw Malformed() }
        return .object(members)
    }

    private mutating func list(depth: Int) throws(Malformed) -> JSONValue {
        position += 1
        var items: [JSONValue] = []
        skipSpace()
        if take("]") { return .list(items) }
        repeat {
            items.append(try value(depth: depth - 1))
            skipSpace()
        } while take(",")
        guard take("]") else { throw Malformed() }
        return .list(items)
    }

    /// Returns true for a byte that JSON does not write as it is, and for one that is not ASCII.
    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte >= 0x7F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func text(isSecret: Bool) throws(Malformed) -> JSONValue {
        var bytes = try string()
        // Secrets are base64 or tokens, which are written without escapes. Any other text of such a member is an ordinary one.
        guard isSecret, !bytes.contains(where: Self.isEscaped) else {
            guard let text = String(validating: bytes, as: UTF8.self) else { throw Malformed() }
            return .text(text)
        }
        defer { zero(&bytes) }
        return .secret(SecretBytes(copying: bytes))
    }

    /// Reads a number (RFC 8259 §6) that a `Double` can hold.
    private mutating func number() throws(Malformed) -> JSONValue {
        let start = position
        _ = take("-")
        let isZero = current == UInt8(ascii: "0")
        guard let digits = takeDigits(), digits == 1 || !isZero else { throw Malformed() }
        if take("."), takeDigits() == nil { throw Malformed() }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            guard takeDigits() != nil else { throw Malformed() }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let value = Double(text), value.isFinite else { throw Malformed() }
        return .number(text)
    }

    /// Steps over digits and returns their number; nil if there is none.
    private mutating func takeDigits() -> Int? {
        let start = position
        while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return position > start ? position - start : nil
    }
}

extension JSONParser {
    /// Reads a string and returns its text, without escapes.
    private mutating func string() throws(Malformed) -> [UInt8] {
        guard take("\"") else { throw Malformed() }
        var text: [UInt8] = []
        text.reserveCapacity(closingQuote() - position)
        while let byte = current {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return text
            case UInt8(ascii: "\\"): text.append(contentsOf: try escapedScalar().utf8)
            case 0..<0x20: throw Malformed()
            default: text.append(byte)
            }
        }
        throw Malformed()
    }

    /// Returns the position of the quote that ends the string. A text that does not grow leaves no copies behind.
    private func closingQuote() -> Int {
        var place = position
        while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
            place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(place, bytes.count)
    }

    private mutating func escapedScalar() throws(Malformed) -> Unicode.Scalar {
        guard let letter = current else { throw Malformed() }
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try hexadecimalScalar()
        default: throw Malformed()
        }
    }

    /// Reads four hexadecimal digits, or a surrogate pair of two escapes.
    private mutating func hexadecimalScalar() throws(Malformed) -> Unicode.Scalar {
        let first = try codeUnit()
        guard UTF16.isLeadSurrogate(first) else {
            guard let scalar = Unicode.Scalar(first) else { throw Malformed() }
            return scalar
        }
        guard take("\\"), take("u") else { throw Malformed() }
        let second = try codeUnit()
        guard UTF16.isTrailSurrogate(second),
            let scalar = Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
        else { throw Malformed() }
        return scalar
    }

    private mutating func codeUnit() throws(Malformed) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw Malformed()
            }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }
}

/// Overwrites an array's own memory with zeros.
func zero(_ bytes: inout [UInt8]) {
    bytes.withUnsafeMutableBytes { memory in
        // Unsafe: the array's own memory, all of it written before.
        guard let start = memory.baseAddress else { return }
        explicit_bzero(start, memory.count)
    }
}
