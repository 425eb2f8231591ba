import KMSClient

/// Parses repeatable options of the form `NAME=VALUE`.
enum PairOptions {
    /// Splits each text at the first byte `=`. Names are compared as bytes.
    static func pairs(_ texts: [String], of option: String) throws(Failure) -> NameValuePairs {
        var pairs = NameValuePairs()
        for text in texts {
            let parts = text.utf8.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
                .map { String(Substring($0)) }
            guard parts.count == 2, !parts[0].isEmpty else {
                throw Failure(.input, "\(option) '\(text)' is not NAME=VALUE")
            }
            guard pairs.insert(parts[1], for: parts[0]) else {
                throw Failure(.input, "\(option) names '\(parts[0])' twice")
            }
        }
        return pairs
    }
}
