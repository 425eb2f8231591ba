/// The text form of times, as in `Timestamp.description`: `2026-01-31T23:59:59.000Z`. It uses no formatter, because each line
/// of a log has a time.
package enum TimeText {
    package static let byteCount = 24

    private static let millisecondsOfDay: Int64 = 86_400_000
    /// The years 0000 to 9999 of RFC 3339. A time outside is written as the nearest bound.
    private static let possible: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999

    package static func append(_ time: Timestamp, to bytes: inout [UInt8]) {
        let all = min(max(time.milliseconds, possible.lowerBound), possible.upperBound)
        var day = all / millisecondsOfDay
        var rest = all % millisecondsOfDay
        if rest < 0 {
            day -= 1
            rest += millisecondsOfDay
        }
        let date = civil(day)
        digits(date.year, 4, then: "-", &bytes)
        digits(date.month, 2, then: "-", &bytes)
        digits(date.day, 2, then: "T", &bytes)
        digits(rest / 3_600_000, 2, then: ":", &bytes)
        digits(rest / 60_000 % 60, 2, then: ":", &bytes)
        digits(rest / 1000 % 60, 2, then: ".", &bytes)
        digits(rest % 1000, 3, then: "Z", &bytes)
    }

    /// Reads the text form. To verify that the text is canonical, write the result again and compare.
    package static func read(_ text: ArraySlice<UInt8>) -> Timestamp? {
        guard text.count == byteCount else { return nil }
        let base = text.startIndex
        func number(_ offset: Int, _ count: Int) -> Int64? {
            var value: Int64 = 0
            for byte in text[base + offset..<base + offset + count] {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                value = value * 10 + Int64(byte - UInt8(ascii: "0"))
            }
            return value
        }
        guard let year = number(0, 4), let month = number(5, 2), let day = number(8, 2), let hour = number(11, 2),
            let minute = number(14, 2), let second = number(17, 2), let fraction = number(20, 3),
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        let ofDay = ((hour * 60 + minute) * 60 + second) * 1000 + fraction
        return Timestamp(milliseconds: dayNumber(year, month, day) * millisecondsOfDay + ofDay)
    }

    private static func digits(_ value: Int64, _ count: Int, then mark: StaticString, _ bytes: inout [UInt8]) {
        var divisor: Int64 = count == 4 ? 1000 : count == 3 ? 100 : 10
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
            divisor /= 10
        }
        mark.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// Returns the date of a day counted from 1970-01-01, in the Gregorian calendar, whose cycle of 400 years has 146,097 days.
    ///
    /// Years are counted from March here, so that the leap day is the last one.
    static func civil(_ number: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = number + 719_468
        let cycle = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let ofCycle = shifted - cycle * 146_097
        let yearOfCycle = (ofCycle - ofCycle / 1460 + ofCycle / 36_524 - ofCycle / 146_096) / 365
        let ofYear = ofCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        let fromMarch = (5 * ofYear + 2) / 153
        let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        return (yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0), month, ofYear - (153 * fromMarch + 2) / 5 + 1)
    }

    static func dayNumber(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let cycle = (year >= 0 ? year : year - 399) / 400
        let yearOfCycle = year - cycle * 400
        let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return cycle * 146_097 + yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + ofYear - 719_468
    }
}
