import KeyManagement

/// The parameters that several operations share.
enum Parameters {
    /// The parameters of paths, by their names in the templates.
    static let ofPaths: [(name: String, description: String, schema: Schema)] = [
        ("key", "The name or the id of a key.", .text(Patterns.name)),
        ("version", "The number of a version.", .version),
        ("alias", "The name of an alias; its slashes are written as %2F.", .text(Patterns.alias)),
        ("job", "The id of an import job.", .text(Patterns.uuid)),
        ("project", "The name of a project.", .text(Patterns.name)),
        ("subject", "The name of a subject.", .text(Patterns.subject)),
        ("group", "The name of a group.", .text(Patterns.subject)),
        ("grant", "The id of a grant.", .text(Patterns.grant)),
        ("epoch", "The number of a root epoch.", .number(1...Int(UInt32.max))),
        ("approval", "The id of a request for approval.", .text(Patterns.credential)),
        ("operation", "What can need approvals.", .one(of: GuardedOperation.self)),
        ("accessKey", "The id of an access key.", .text(Patterns.accessKey)),
        ("credential", "The id of a credential.", .text(Patterns.credential)),
    ]

    static let xProject = ref("X-Project")
    static let xApproval = ref("X-Approval")
    static let idempotencyKey = ref("Idempotency-Key")

    static func ref(_ name: String) -> DocumentValue { ["$ref": .text("#/components/parameters/\(name)")] }

    /// Returns the names of the parameters in a path's template.
    static func names(in path: String) -> [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }

    static var components: DocumentValue {
        let paths = ofPaths.map { parameter in
            (
                name: parameter.name,
                value: [
                    "name": .text(parameter.name), "in": "path", "required": true,
                    "description": .text(parameter.description), "schema": parameter.schema.value,
                ] as DocumentValue
            )
        }
        let lists = QueryParameter.ofLists.map { (name: $0.name, value: inQuery($0)) }
        return .object(paths + lists + headers)
    }

    /// Returns a query parameter as it appears in the list of an operation.
    static func query(_ parameter: QueryParameter) -> DocumentValue {
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
                    "In which project something is asked: needed where neither the credential nor the roles of the subject leave one only.",
                "schema": Schema.text(Patterns.name).value,
            ]
        ),
        (
            "X-Approval",
            [
                "name": "X-Approval", "in": "header",
                "description": "By which approval it is done, where it needs one: its id.",
                "schema": Schema.text(Patterns.credential).value,
            ]
        ),
        (
            "Idempotency-Key",
            [
                "name": "Idempotency-Key", "in": "header",
                "description":
                    "A name for this request: sent again under the same one, it is answered as it was the first time.",
                "schema": Schema.text("^[!-~]{1,\(IdempotencyKey.longest)}$").value,
            ]
        ),
    ]
}
