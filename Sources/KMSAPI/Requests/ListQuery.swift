import FoundationEssentials
import Hummingbird
import KeyManagement

/// What a list takes in its query: `limit` and `cursor`, each at most once, and nothing else.
struct ListQuery {
    let limit: PageLimit
    /// The text behind the cursor; nil for the first page.
    let cursor: String?

    init(_ request: Request) throws(KMSError) {
        var limit: PageLimit?
        var cursor: String?
        for pair in (request.uri.query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try PercentDecoding.decode(parts[0], of: "the query")
            let value = try PercentDecoding.decode(parts.count == 2 ? parts[1] : "", of: "the query")
            switch name {
            case "limit":
                guard limit == nil else { throw .invalidRequest("limit comes twice in the query") }
                guard let count = Int(value) else { throw .invalidRequest("limit is not a number") }
                limit = try PageLimit(count)
            case "cursor":
                guard cursor == nil else { throw .invalidRequest("cursor comes twice in the query") }
                cursor = try Cursor.text(value)
            default:
                throw .invalidRequest("unknown in the query: \(FieldPath.shown(name)); known are limit, cursor")
            }
        }
        self.limit = limit ?? .standard
        self.cursor = cursor
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
