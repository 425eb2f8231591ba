import KeyManagement

/// The parameters of the document.
enum DocumentedParameters {
    /// Returns the parameters of an endpoint beside those of its path.
    static func of(_ endpoint: Endpoint) -> [DocumentValue] {
        var parameters = endpoint.query.map(query)
        if !endpoint.isOpen { parameters.append(ref("X-Project")) }
        if endpoint.isGuarded { parameters.append(ref("X-Approval")) }
        if endpoint.isIdempotent { parameters.append(ref("Idempotency-Key")) }
        return parameters
    }

    /// Returns a reference to the component parameter of that name.
    static func ref(_ name: String) -> DocumentValue { ["$ref": .text("#/components/parameters/\(name)")] }

    /// The component parameters: of paths, of lists, and headers.
    static var components: DocumentValue {
        let paths = PathParameter.all.map { parameter in
            (
                name: parameter.name,
                value: [
                    "name": .text(parameter.name), "in": "path", "required": true,
                    "description": .text(parameter.description), "schema": parameter.schema.value,
                    "example": parameter.schema.example,
                ] as DocumentValue
            )
        }
        let lists = QueryParameter.ofLists.map { (name: $0.name, value: inQuery($0)) }
        return .object(paths + lists + headers)
    }

    private static func query(_ parameter: QueryParameter) -> DocumentValue {
        let isShared = QueryParameter.ofLists.contains { $0.name == parameter.name }
        return isShared ? ref(parameter.name) : inQuery(parameter)
    }

    private static func inQuery(_ parameter: QueryParameter) -> DocumentValue {
        [
            "name": .text(parameter.name), "in": "query", "description": .text(parameter.description),
            "schema": parameter.schema.value,
        ]
    }

    private static let headers: [(name: String, value: DocumentValue)] = [
        (
            "X-Project",
            [
                "name": "X-Project", "in": "header",
                "description":
                    "The project of the request. Required if neither the credential nor the subject's roles determine one.",
                "schema": Schema.text(Patterns.name).value,
            ]
        ),
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
