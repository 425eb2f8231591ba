/// Reads settings as typed values. Each failure names the setting, its origin, and the allowed values.
extension Settings {
    func number(_ setting: Setting, in range: ClosedRange<Int>) throws(Failure) -> Int {
        let entry = try required(setting)
        guard let number = Int(entry.text), range.contains(number) else {
            throw wrong(setting, entry, "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func bool(_ setting: Setting) throws(Failure) -> Bool {
        let entry = try required(setting)
        switch entry.text {
        case "true": return true
        case "false": return false
        default: throw wrong(setting, entry, "true or false")
        }
    }

    /// Reads a duration such as `250ms`, `5s`, `2m` or `24h`: more than zero, and at most `hours` hours.
    func duration(_ setting: Setting, atMostHours hours: Int = 1) throws(Failure) -> Duration {
        let entry = try required(setting)
        let units: [(suffix: String, milliseconds: Int)] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)]
        for unit in units where entry.text.hasSuffix(unit.suffix) {
            guard let count = Int(entry.text.dropLast(unit.suffix.count)), count > 0,
                count <= hours * 3_600_000 / unit.milliseconds
            else { break }
            return .milliseconds(count * unit.milliseconds)
        }
        let most = hours == 1 ? "an hour" : "\(hours) hours"
        throw wrong(setting, entry, "a duration such as 250ms, 5s or 2m, \(most) at most")
    }

    func choice<Value>(
        _ setting: Setting, among names: [String], _ make: (String) -> Value?
    ) throws(Failure) -> Value {
        let entry = try required(setting)
        guard let value = make(entry.text) else {
            throw wrong(setting, entry, "one of \(names.joined(separator: ", "))")
        }
        return value
    }

    private func wrong(_ setting: Setting, _ entry: Entry, _ possible: String) -> Failure {
        Failure(.configuration, "\(setting.rawValue) (\(entry.origin)) is '\(entry.text)'; it has to be \(possible)")
    }
}
