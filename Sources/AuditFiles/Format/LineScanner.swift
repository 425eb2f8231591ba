import Encodings
internal import KeyManagement

/// The reason why bytes are not a line of an audit file.
struct LineError: Error, Hashable {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}

/// Reads a line's JSON piece by piece, in the order in which ``LineWriter`` writes it.
struct LineScanner {
    private let bytes: [UInt8]
    private(set) var index = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { index == bytes.count }

    /// Skips this text if it comes next; returns true if it did.
    mutating func take(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { text in
            guard bytes.count - index >= text.count else { return false }
            for offset in 0..<text.count where bytes[index + offset] != text[offset] { return false }
            index += text.count
            return true
        }
    }

    mutating func expect(_ text: StaticString) throws(LineError) {
        guard take(text) else { throw LineError("\(text) was expected at byte \(index + 1)") }
    }

    /// Reads a counter. Values from 2^62 on are refused, so that sums cannot overflow.
    mutating func count() throws(LineError) -> UInt64 {
        let start = index
        let value = try number()
        guard value < 1 << 62 else { throw LineError("the number at byte \(start + 1) is too large") }
        return value
    }

    mutating func number() throws(LineError) -> UInt64 {
        let start = index
        var value: UInt64 = 0
        while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) {
            let (tens, isTooLong) = value.multipliedReportingOverflow(by: 10)
            let (sum, isTooLarge) = tens.addingReportingOverflow(UInt64(bytes[index] - UInt8(ascii: "0")))
            guard !isTooLong, !isTooLarge else { throw LineError("the number at byte \(start + 1) is too large") }
            value = sum
            index += 1
        }
        guard index > start else { throw LineError("a number was expected at byte \(start + 1)") }
        return value
    }

    /// Reads bytes as hexadecimal digits in quotes.
    mutating func hex(_ count: Int) throws(LineError) -> [UInt8] {
        try expect("\"")
        guard bytes.count - index >= 2 * count else { throw LineError("the line is too short") }
        var result: [UInt8] = []
        result.reserveCapacity(count)
        for _ in 0..<count {
            guard let high = Hexadecimal.value(of: bytes[index]), let low = Hexadecimal.value(of: bytes[index + 1])
            else { throw LineError("a hexadecimal digit was expected at byte \(index + 1)") }
            result.append(high << 4 | low)
            index += 2
        }
        try expect("\"")
        return result
    }

    mutating func hash() throws(LineError) -> ChainHash {
        guard let hash = ChainHash(bytes: try hex(ChainHash.byteCount)) else { throw LineError("no hash") }
        return hash
    }

    mutating func time() throws(LineError) -> Timestamp {
        try expect("\"")
        guard bytes.count - index >= TimeText.byteCount,
            let time = TimeText.read(bytes[index..<index + TimeText.byteCount])
        else { throw LineError("a time was expected at byte \(index + 1)") }
        index += TimeText.byteCount
        try expect("\"")
        return time
    }

    mutating func string() throws(LineError) -> String {
        try expect("\"")
        let start = index
        var text: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw LineError("the text at byte \(start + 1) is not UTF-8")
                }
                return string
            case UInt8(ascii: "\\"): text.append(try escaped())
            default: text.append(byte)
            }
        }
        throw LineError("the text at byte \(start + 1) does not end")
    }

    private mutating func escaped() throws(LineError) -> UInt8 {
        guard index < bytes.count else { throw LineError("the line ends in an escape") }
        defer { index += 1 }
        switch bytes[index] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): return bytes[index]
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "u"):
            guard bytes.count - index > 4, bytes[index + 1] == UInt8(ascii: "0"), bytes[index + 2] == UInt8(ascii: "0"),
                let high = Hexadecimal.value(of: bytes[index + 3]), let low = Hexadecimal.value(of: bytes[index + 4])
            else { break }
            index += 4
            return high << 4 | low
        default: break
        }
        throw LineError("the escape at byte \(index) is none that is written here")
    }
}
