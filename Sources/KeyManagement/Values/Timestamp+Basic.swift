/// Times in the basic format of ISO 8601, in UTC and to the second: `20150830T123600Z`. Every request of AWS clients contains
/// one, so they are read and written by arithmetic alone.
extension Timestamp {
    /// Reads a time; `nil` unless the characters are one, of a year from 1970 on.
    package init?(basic text: some Collection<UInt8>) {
        let text = Array(text)
        guard text.count == 16, text[8] == UInt8(ascii: "T"), text[15] == UInt8(ascii: "Z"),
            let year = Self.number(text[0..<4]), let month = Self.number(text[4..<6]),
            let day = Self.number(text[6..<8]), let hour = Self.number(text[9..<11]),
            let minute = Self.number(text[11..<13]), let second = Self.number(text[13..<15]),
            year >= 1970, (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60
        else { return nil }
        let days = TimeText.dayNumber(year, month, day)
        // The 31st of a month of 30 days would be another day.
        guard TimeText.civil(days) == (year, month, day) else { return nil }
        self.init(milliseconds: (days * 86_400 + hour * 3600 + minute * 60 + second) * 1000)
    }

    /// The time as text, `20150830T123600Z`, without the milliseconds.
    package var basicText: String {
        let second = milliseconds.floorDivided(by: 1000)
        let (days, rest) = (second.floorDivided(by: 86_400), second - second.floorDivided(by: 86_400) * 86_400)
        return Self.basicDay(ofDay: days) + "T" + Self.padded(rest / 3600) + Self.padded(rest / 60 % 60)
            + Self.padded(rest % 60) + "Z"
    }

    /// The day as text: `20150830`.
    package var basicDay: String { Self.basicDay(ofDay: milliseconds.floorDivided(by: 86_400_000)) }

    private static func basicDay(ofDay days: Int64) -> String {
        let (year, month, day) = TimeText.civil(days)
        return padded(year / 100) + padded(year % 100) + padded(month) + padded(day)
    }

    private static func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        var number: Int64 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            number = number * 10 + Int64(digit - UInt8(ascii: "0"))
        }
        return number
    }
}

extension BinaryInteger {
    /// Returns the quotient rounded down, also for negative numbers.
    fileprivate func floorDivided(by divisor: Self) -> Self {
        let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? quotient - 1 : quotient
    }
}
