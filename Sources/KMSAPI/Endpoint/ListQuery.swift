import Hummingbird
import JSONText
import KeyManagement

/// The query of a list: `limit`, `cursor` and the list's own parameters, each at most once, and no others.
struct ListQuery {
    let limit: PageLimit
    /// The cursor; nil for the first page.
    let cursor: ListCursor?
    /// The list's own parameters, by name.
    let values: [String: String]

    /// Reads the query of a request.
    ///
    /// - Parameter others: the names of the list's own parameters.
    init(_ request: Request, takes others: [String] = []) throws(KMSError) {
        var values = try Self.values(in: request.uri.query ?? "", known: ["limit", "cursor"] + others)
        var limit = PageLimit.standard
        if let text = values.removeValue(forKey: "limit") {
            guard let count = Int(text) else { throw .invalidRequest("limit is not a number") }
            limit = try PageLimit(count)
        }
        self.limit = limit
        cursor = values.removeValue(forKey: "cursor").map { ListCursor($0) }
        self.values = values
    }

    /// Throws if a request to an endpoint without parameters has a query.
    static func requireNone(_ request: Request) throws(KMSError) {
        guard let query = request.uri.query, !query.isEmpty else { return }
        throw .invalidRequest("this request takes no query parameters; it has \(FieldPath.shown(query))")
    }

    private static func values(in query: String, known: [String]) throws(KMSError) -> [String: String] {
        var values: [String: String] = [:]
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try PercentDecoding.decode(parts[0], of: "the query")
            let value = try PercentDecoding.decode(parts.count == 2 ? parts[1] : "", of: "the query")
            // Compared as bytes, because `String` takes other characters for some of ASCII.
            guard name.isASCII, known.contains(name) else {
                throw .invalidRequest(
                    "unknown in the query: \(FieldPath.shown(name)); known are \(known.joined(separator: ", "))")
            }
            guard values.updateValue(value, forKey: name) == nil else {
                throw .invalidRequest("\(name) occurs twice in the query")
            }
        }
        return values
    }
}
