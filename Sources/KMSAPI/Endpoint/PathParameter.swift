/// A parameter of paths, such as `{key}`.
struct PathParameter: Sendable {
    /// The name in the templates of paths.
    let name: String
    let description: String
    let schema: Schema

    init(_ name: String, _ description: String, _ schema: Schema) {
        self.name = name
        self.description = description
        self.schema = schema
    }

    static let all = [
        key, version, alias, importJob, project, subject, group, grant, epoch, approval, guardedOperation, accessKey,
        credential,
    ]

    /// Returns the names of the parameters in a path's template.
    static func names(in path: String) -> [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }
}
