/// A point in time: milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
package struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Reads a day, `YYYY-MM-DD`, as its first moment in UTC; `nil` if the day does not exist.
    package init?(day text: String) {
        guard text.utf8.count == 10, let time = TimeText.read(Array("\(text)T00:00:00.000Z".utf8)[...]) else {
            return nil
        }
        self = time
        // Rejects other separators, and the 31st of a month of 30 days, which would be another day.
        guard description.hasPrefix(text) else { return nil }
    }

    package static func < (lhs: Timestamp, rhs: Timestamp) -> Bool { lhs.milliseconds < rhs.milliseconds }

    /// The time in the format of RFC 3339, in UTC, with milliseconds: `2026-01-31T23:59:59.000Z`.
    package var description: String {
        var bytes: [UInt8] = []
        TimeText.append(self, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
