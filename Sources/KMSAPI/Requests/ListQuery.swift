import FoundationEssentials
import Hummingbird
import JSONText
import KeyManagement

/// What a list takes in its query: `limit`, `cursor` and what else it knows, each at most once, and nothing besides.
struct ListQuery {
    let limit: PageLimit
    /// The text behind the cursor; nil for the first page.
    let cursor: String?
    /// The rest, by name.
    let values: [String: String]

    /// - Parameter others: what the list takes beside `limit` and `cursor`.
    init(_ request: Request, takes others: [String] = []) throws(KMSError) {
        var values = try Self.values(in: request.uri.query ?? "", known: ["limit", "cursor"] + others)
        var limit = PageLimit.standard
        if let text = values.removeValue(forKey: "limit") {
            guard let count = Int(text) else { throw .invalidRequest("limit is not a number") }
            limit = try PageLimit(count)
        }
        self.limit = limit
        if let text = values.removeValue(forKey: "cursor") { cursor = try Cursor.text(text) } else { cursor = nil }
        self.values = values
    }

    private static func values(in query: String, known: [String]) throws(KMSError) -> [String: String] {
        var values: [String: String] = [:]
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try PercentDecoding.decode(parts[0], of: "the query")
            let value = try PercentDecoding.decode(parts.count == 2 ? parts[1] : "", of: "the query")
            guard known.contains(name) else {
                throw .invalidRequest(
                    "unknown in the query: \(FieldPath.shown(name)); known are \(known.joined(separator: ", "))")
            }
            guard values.updateValue(value, forKey: name) == nil else {
                throw .invalidRequest("\(name) comes twice in the query")
            }
        }
        return values
    }

    func keyCursor() throws(KMSError) -> KeyName? {
        guard let cursor else { return nil }
        guard let name = try? KeyName(cursor) else { throw Cursor.unknown }
        return name
    }

    func versionCursor() throws(KMSError) -> VersionNumber? {
        guard let cursor else { return nil }
        guard let number = VersionNumber(cursor) else { throw Cursor.unknown }
        return number
    }
}

/// Where a page of a list ended: base64url (RFC 4648 §5, without padding) of the last name or number. Callers pass it
/// back as it came and read nothing into it.
enum Cursor {
    static let unknown = KMSError.invalidRequest("the cursor is none that a list has given")

    static func encode(_ text: some CustomStringConvertible) -> String {
        let base64 = Data(text.description.utf8).base64EncodedString()
        return String(base64.replacing("+", with: "-").replacing("/", with: "_").prefix { $0 != "=" })
    }

    static func text(_ cursor: String) throws(KMSError) -> String {
        let base64 = cursor.replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
        guard !cursor.isEmpty, let data = Data(base64Encoded: base64 + padding),
            let text = String(validating: data, as: UTF8.self)
        else { throw unknown }
        return text
    }
}
