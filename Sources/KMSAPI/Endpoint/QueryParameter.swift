import KeyManagement

/// A parameter of the query.
struct QueryParameter: Sendable {
    let name: String
    let description: String
    let schema: Schema

    init(_ name: String, _ description: String, _ schema: Schema) {
        self.name = name
        self.description = description
        self.schema = schema
    }

    /// The parameters of every list.
    static let ofLists = [
        QueryParameter("limit", "The most items of a page; 100 unless given.", .number(1...PageLimit.largest)),
        QueryParameter("cursor", "`next` of the page before, as it came.", .text(Patterns.cursor)),
    ]
}
