import Foundation

/// Numbers formatted for people: integers from 100 upwards, otherwise as many digits as are significant.
enum NumberText {
    static func of(_ number: Double) -> String {
        switch abs(number) {
        case 100...: grouped(Int(number.rounded()))
        case 10...: String(format: "%.1f", number)
        case 1 where number == number.rounded(): String(Int(number))
        default: String(format: "%.3f", number)
        }
    }

    private static func grouped(_ number: Int) -> String {
        var text = ""
        for (place, digit) in String(abs(number)).reversed().enumerated() {
            if place > 0, place.isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return (number < 0 ? "-" : "") + String(text.reversed())
    }
}
