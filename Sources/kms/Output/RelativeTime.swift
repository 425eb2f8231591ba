import FoundationEssentials

/// Times as people say them.
enum RelativeTime {
    /// Returns "in 89 days" or "3 minutes ago"; the text itself if it is no RFC 3339 time.
    ///
    /// - Parameter hasDay: if true, the day comes first: "2027-02-28 (in 89 days)".
    static func text(_ time: String, now: Date, hasDay: Bool) -> String {
        guard let date = date(time) else { return DisplayText.safe(time) }
        let relative = text(seconds: date.timeIntervalSince(now))
        return hasDay ? "\(time.prefix(10)) (\(relative))" : relative
    }

    /// Returns the distance in the largest unit of which it has two or more, rounded to whole units.
    static func text(seconds: Double) -> String {
        let distance = abs(seconds)
        guard distance >= 1 else { return "now" }
        let (count, unit) = largest(distance)
        let amount = "\(count) \(unit)\(count == 1 ? "" : "s")"
        return seconds < 0 ? "\(amount) ago" : "in \(amount)"
    }

    private static func largest(_ seconds: Double) -> (Int, String) {
        let units = [(365.0 * 86400, "year"), (86400, "day"), (3600, "hour"), (60, "minute")]
        for (length, name) in units where seconds >= 2 * length { return (Int((seconds / length).rounded()), name) }
        return (Int(seconds.rounded()), "second")
    }

    static func date(_ time: String) -> Date? {
        (try? Date(time, strategy: .iso8601.time(includingFractionalSeconds: true)))
            ?? (try? Date(time, strategy: .iso8601))
    }
}
