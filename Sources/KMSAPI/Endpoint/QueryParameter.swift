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
        QueryParameter(
            "limit", "The maximum number of items of a page; defaults to 100.", .number(1...PageLimit.maxCount)),
        QueryParameter("cursor", "`next` of the previous page, unchanged.", .text(Patterns.cursor)),
    ]
}
