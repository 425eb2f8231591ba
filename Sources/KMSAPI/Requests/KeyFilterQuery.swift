import JSONText
import KeyManagement

/// The query parameters of `GET keys` in addition to `limit` and `cursor`.
enum KeyFilterQuery {
    static let names = ["state", "enabled", "algorithm", "usage", "origin", "tag", "rotationDueBefore"]

    static func filter(_ query: ListQuery) throws(KMSError) -> KeyFilter {
        var filter = KeyFilter()
        filter.state = try member("state", query)
        filter.algorithm = try member("algorithm", query)
        filter.usage = try member("usage", query)
        filter.origin = try member("origin", query)
        switch query.values["enabled"] {
        case nil: break
        case "true": filter.availability = .enabled
        case "false": filter.availability = .disabled
        default: throw .invalidRequest("enabled in the query is neither true nor false")
        }
        if let tag = query.values["tag"] {
            let parts = tag.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            filter.tag = (parts[0], parts.count == 2 ? ExactText(parts[1]) : nil)
        }
        if let day = query.values["rotationDueBefore"] {
            guard let time = Timestamp(day: day) else {
                throw .invalidRequest("rotationDueBefore in the query is not a day: YYYY-MM-DD")
            }
            filter.rotationDueBefore = time
        }
        return filter
    }

    private static func member<Member: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ query: ListQuery
    ) throws(KMSError) -> Member? {
        guard let value = query.values[name] else { return nil }
        guard let member = Member(rawValue: value) else {
            let known = Member.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalidRequest("\(name) in the query is \(FieldPath.shown(value)); known are \(known)")
        }
        return member
    }
}
