import KeyManagement

/// The parameters of the document.
enum DocumentedParameters {
    /// Returns the parameters of an endpoint beside those of its path.
    static func of(_ endpoint: Endpoint) -> [DocumentValue] {
        let guide = endpoint.guide
        // A parameter of the operation replaces the one of the path with the same name.
        var parameters = PathParameter.all.compactMap { parameter in
            guide.path[parameter.name].map { inPath(parameter, example: .text($0)) }
        }
        parameters += endpoint.query.map { query($0, example: guide.query[$0.name]) }
        if !endpoint.isOpen { parameters.append(guide.project.map { project(example: $0) } ?? ref("X-Project")) }
        if endpoint.isGuarded { parameters.append(ref("X-Approval")) }
        if endpoint.isIdempotent { parameters.append(ref("Idempotency-Key")) }
        return parameters
    }

    /// Returns a reference to the component parameter of that name.
    static func ref(_ name: String) -> DocumentValue { ["$ref": .text("#/components/parameters/\(name)")] }

    /// The component parameters: of paths, of lists, and headers.
    static var components: DocumentValue {
        let paths = PathParameter.all.map { parameter in
            (name: parameter.name, value: inPath(parameter, example: parameter.schema.example))
        }
        let lists = QueryParameter.ofLists.map { (name: $0.name, value: inQuery($0)) }
        return .object(paths + lists + headers)
    }

    private static func inPath(_ parameter: PathParameter, example: DocumentValue) -> DocumentValue {
        [
            "name": .text(parameter.name), "in": "path", "required": true,
            "description": .text(parameter.description), "schema": parameter.schema.value, "example": example,
        ]
    }

    private static func query(_ parameter: QueryParameter, example: String?) -> DocumentValue {
        if example == nil, QueryParameter.ofLists.contains(where: { $0.name == parameter.name }) {
            return ref(parameter.name)
        }
        return inQuery(parameter, example: example)
    }

    private static func inQuery(_ parameter: QueryParameter, example: String? = nil) -> DocumentValue {
        var fields: [(name: String, value: DocumentValue)] = [
            ("name", .text(parameter.name)), ("in", "query"), ("description", .text(parameter.description)),
            ("schema", parameter.schema.value),
        ]
        if let example { fields.append(("example", Int(example).map { .number($0) } ?? .text(example))) }
        return .object(fields)
    }

    private static func project(example: String? = nil) -> DocumentValue {
        var fields: [(name: String, value: DocumentValue)] = [
            ("name", "X-Project"), ("in", "header"),
            (
                "description",
                "The project of the request. Required if neither the credential nor the subject's roles determine one."
            ), ("schema", Schema.text(Patterns.name).value),
        ]
        if let example { fields.append(("example", .text(example))) }
        return .object(fields)
    }

    private static let headers: [(name: String, value: DocumentValue)] = [
        ("X-Project", project()),
        (
            "X-Approval",
            [
                "name": "X-Approval", "in": "header",
                "description": "The id of the approval under which the operation is performed, if it needs one.",
                "schema": Schema.text(Patterns.credential).value,
            ]
        ),
        (
            "Idempotency-Key",
            [
                "name": "Idempotency-Key", "in": "header",
                "description":
                    "A name for this request. A request that is sent again under the same name gets the first answer.",
                "schema": Schema.text("^[!-~]{1,\(IdempotencyKey.maxLength)}$").value,
            ]
        ),
    ]
}
