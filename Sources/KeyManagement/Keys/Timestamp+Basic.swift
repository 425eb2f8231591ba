/// Times as ISO 8601 writes them in its basic format, in UTC and to the second: `20150830T123600Z`. Read and written with every request of
/// clients of AWS, so by arithmetic alone.
extension Timestamp {
    /// Nil unless the characters are such a time, of a year from 1970 on.
    public init?(basic text: some Collection<UInt8>) {
        let text = Array(text)
        guard text.count == 16, text[8] == UInt8(ascii: "T"), text[15] == UInt8(ascii: "Z"),
            let year = Self.number(text[0..<4]), let month = Self.number(text[4..<6]),
            let day = Self.number(text[6..<8]), let hour = Self.number(text[9..<11]),
            let minute = Self.number(text[11..<13]), let second = Self.number(text[13..<15]),
            year >= 1970, (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60
        else { return nil }
        let days = Self.days(year: year, month: month, day: day)
        // The 31st of a month of 30 days would be another day.
        guard Self.date(ofDay: days) == (year, month, day) else { return nil }
        self.init(milliseconds: Int64(days * 86_400 + hour * 3600 + minute * 60 + second) * 1000)
    }

    /// `20150830T123600Z`; the milliseconds are left out.
    public var basicText: String {
        let second = Int(milliseconds.floorDivided(by: 1000))
        let (days, rest) = (second.floorDivided(by: 86_400), second - second.floorDivided(by: 86_400) * 86_400)
        return Self.basicDay(ofDay: days) + "T" + Self.padded(rest / 3600) + Self.padded(rest / 60 % 60)
            + Self.padded(rest % 60) + "Z"
    }

    /// `20150830`.
    public var basicDay: String { Self.basicDay(ofDay: Int(milliseconds.floorDivided(by: 86_400_000))) }

    private static func basicDay(ofDay days: Int) -> String {
        let (year, month, day) = date(ofDay: days)
        return padded(year / 100) + padded(year % 100) + padded(month) + padded(day)
    }

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var number = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            number = number * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return number
    }

    /// Days since 1970-01-01. Years are counted from March, so that the day that is there every four years only is the last one.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let year = month > 2 ? year : year - 1
        let era = year.floorDivided(by: 400)
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func date(ofDay days: Int) -> (year: Int, month: Int, day: Int) {
        let days = days + 719_468
        let era = days.floorDivided(by: 146_097)
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let place = (5 * dayOfYear + 2) / 153
        let month = place < 10 ? place + 3 : place - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * place + 2) / 5 + 1)
    }
}

extension BinaryInteger {
    /// The quotient rounded down, also below zero.
    fileprivate func floorDivided(by divisor: Self) -> Self {
        let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? quotient - 1 : quotient
    }
}
