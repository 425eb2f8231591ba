import HTTPTypes

/// Checks the declared type of a body.
enum ContentType {
    /// Returns true if it is `application/json`, with no parameter but `charset=utf-8` (RFC 9110 §8.3).
    static func isJSON(_ headers: HTTPFields) -> Bool {
        let values = headers[values: .contentType]
        guard values.count == 1 else { return false }
        if values[0] == "application/json" { return true }
        let parts = values[0].split(separator: ";", omittingEmptySubsequences: false).map { trimmed($0).lowercased() }
        guard parts[0] == "application/json" else { return false }
        return parts.dropFirst().allSatisfy { $0 == "charset=utf-8" || $0 == "charset=\"utf-8\"" || $0.isEmpty }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
