import JSONText
import KeyManagement

extension Endpoint {
    static let listKeys = Endpoint(
        list: "keys", "listKeys", "Lists the keys of the project", guide: .listKeys, verb: .listKeys,
        filters: KeyFilterQuery.allCases.map(\.parameter),
        answer: Answers.page("keys", of: Answers.key, capacity: 512), message: "keys of the project"
    ) { request, query in
        try await request.service.listKeys(
            try KeyFilterQuery.filter(query), after: query.cursor, limit: query.limit, by: request.caller)
    }
}

/// The query parameters of `GET keys` in addition to `limit` and `cursor`.
enum KeyFilterQuery: String, CaseIterable {
    case state, enabled, algorithm, usage, origin, tag, rotationDueBefore

    static let names = allCases.map(\.rawValue)

    var parameter: QueryParameter {
        let (description, schema): (String, Schema) =
            switch self {
            case .state: ("Keys in this state only.", .one(of: KeyState.self))
            case .enabled: ("Enabled keys only, or disabled keys only.", .flag)
            case .algorithm: ("Keys of this algorithm only.", .algorithm)
            case .usage: ("Keys with this usage only.", .one(of: KeyUsage.self))
            case .origin: ("Keys with this origin only.", .one(of: KeyOrigin.self))
            case .tag: ("Keys with this tag: `name`, or `name=value`.", .text)
            case .rotationDueBefore: ("Keys that are due for rotation before this day.", .day)
            }
        return QueryParameter(rawValue, description, schema)
    }

    /// Returns the filter that a query describes.
    static func filter(_ query: ListQuery) throws(KMSError) -> KeyFilter {
        var filter = KeyFilter()
        for parameter in allCases {
            guard let text = query.values[parameter.rawValue] else { continue }
            switch parameter {
            case .state: filter.state = try parameter.member(text)
            case .enabled: filter.availability = try availability(text)
            case .algorithm: filter.algorithm = try parameter.member(text)
            case .usage: filter.usage = try parameter.member(text)
            case .origin: filter.origin = try parameter.member(text)
            case .tag:
                let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                filter.tag = (parts[0], parts.count == 2 ? ExactText(parts[1]) : nil)
            case .rotationDueBefore:
                guard let time = Timestamp(day: text) else {
                    throw .invalidRequest("rotationDueBefore in the query is not a day: YYYY-MM-DD")
                }
                filter.rotationDueBefore = time
            }
        }
        return filter
    }

    private static func availability(_ text: String) throws(KMSError) -> KeyAvailability {
        switch text {
        case "true": .enabled
        case "false": .disabled
        default: throw .invalidRequest("enabled in the query is neither true nor false")
        }
    }

    private func member<Member: RawRepresentable<String> & CaseIterable>(_ text: String) throws(KMSError) -> Member {
        guard let member = Member(rawValue: text) else {
            let known = Member.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalidRequest("\(rawValue) in the query is \(FieldPath.shown(text)); known are \(known)")
        }
        return member
    }
}
