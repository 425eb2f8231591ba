import FoundationEssentials

/// A point in time: milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let milliseconds: Int64

    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Reads a day, `YYYY-MM-DD`: its first moment in UTC. Nil when there is no such day.
    public init?(day text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard text.utf8.count == 10, parts.count == 3, parts.map(\.utf8.count) == [4, 2, 2],
            text.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let date = try? Date("\(text)T00:00:00Z", strategy: Date.ISO8601FormatStyle())
        else { return nil }
        self.init(milliseconds: Int64(date.timeIntervalSince1970) * 1000)
        guard description.hasPrefix(text) else { return nil }
    }

    public static func < (lhs: Timestamp, rhs: Timestamp) -> Bool { lhs.milliseconds < rhs.milliseconds }

    /// The time as RFC 3339 writes it, in UTC, with milliseconds: `2026-01-31T23:59:59.000Z`.
    public var description: String {
        // Whole seconds are exact as a Double; milliseconds are not, and would be shown rounded down.
        let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        let (second, fraction) = rest < 0 ? (seconds - 1, rest + 1000) : (seconds, rest)
        let text = Date(timeIntervalSince1970: Double(second)).formatted(Date.ISO8601FormatStyle())
        let digits = String(fraction)
        return text.dropLast() + "." + String(repeating: "0", count: 3 - digits.count) + digits + "Z"
    }
}
