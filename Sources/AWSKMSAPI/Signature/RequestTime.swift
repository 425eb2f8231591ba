import KeyManagement

/// The time at which a request was signed: `X-Amz-Date`, or else `Date`.
struct RequestTime {
    let time: Timestamp
    /// The time as `20150830T123600Z`, which is signed whatever the header's form.
    let text: String

    /// The allowed difference between the clocks of client and service.
    private static let skew = Duration.seconds(300)

    init(_ headers: ReceivedHeaders, _ authorization: AuthorizationHeader) throws(AWSFailure) {
        let own = headers.values("x-amz-date")
        let values = own.isEmpty ? headers.values("date") : own
        guard let value = values.first, values.count == 1 else {
            throw .incompleteSignature("There is more than one date. Authorization=\(authorization.text)")
        }
        guard let time = Timestamp(basic: value.utf8) ?? (own.isEmpty ? HTTPDate.timestamp(value) : nil) else {
            throw .incompleteSignature(
                "Date must be in ISO-8601 'basic format'. Got '\(value)'. See http://en.wikipedia.org/wiki/ISO_8601")
        }
        self.time = time
        text = own.isEmpty ? time.basicText : value
    }

    /// Checks the age of the signature.
    ///
    /// - Throws: `InvalidSignatureException` if it was signed too long ago, or lies in the future.
    func check(at now: Timestamp) throws(AWSFailure) {
        let earliest = now.adding(.zero - Self.skew)
        let latest = now.adding(Self.skew)
        guard time >= earliest else {
            throw .invalidSignature(
                "Signature expired: \(text) is now earlier than \(earliest.basicText) (\(now.basicText) - 5 min.)")
        }
        guard time <= latest else {
            throw .invalidSignature(
                "Signature not yet current: \(text) is still later than \(latest.basicText) (\(now.basicText) + 5 min.)"
            )
        }
    }
}

/// Parses dates as HTTP and mail write them: `Sun, 30 Aug 2015 12:36:00 GMT` (RFC 9110 §5.6.7), also with `+0000` or `-0000` (RFC 5322
/// §3.3).
enum HTTPDate {
    private static let months = [
        "Jan": "01", "Feb": "02", "Mar": "03", "Apr": "04", "May": "05", "Jun": "06", "Jul": "07", "Aug": "08",
        "Sep": "09", "Oct": "10", "Nov": "11", "Dec": "12",
    ]

    /// Returns the time; nil if the text is not a date in UTC. The name of the day is ignored.
    static func timestamp(_ text: String) -> Timestamp? {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0].utf8.count == 4, parts[0].hasSuffix(","), parts[1].utf8.count == 2,
            let month = months[String(parts[2])], parts[3].utf8.count == 4, parts[4].utf8.count == 8,
            ["GMT", "UTC", "+0000", "-0000"].contains(parts[5])
        else { return nil }
        let clock = parts[4].split(separator: ":", omittingEmptySubsequences: false)
        guard clock.map(\.utf8.count) == [2, 2, 2] else { return nil }
        return Timestamp(basic: "\(parts[3])\(month)\(parts[1])T\(clock.joined())Z".utf8)
    }
}
