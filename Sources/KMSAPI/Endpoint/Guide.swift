import KeyManagement

/// The description of an operation for readers of the document, with an example of a request and its answer.
///
/// A test sends every example to a service, and compares the answer with the documented one.
struct Guide: Sendable {
    /// A paragraph of CommonMark: what the operation does, and what it fails with.
    let text: String
    /// The values of parameters by name, where they differ from the examples of ``PathParameter/all``.
    let path: [String: String]
    /// The parameters of the query, by name.
    let query: [String: String]
    /// The project in the header `X-Project`; nil if the example has no such header.
    let project: String?
    /// The body of the request; nil for the example of the body's type.
    let body: DocumentValue?
    /// The body of the answer, with the envelope.
    let answer: DocumentValue

    /// - Parameters:
    ///   - text: the description. Its lines are joined.
    ///   - path: the values of the path's parameters, where they differ from their own examples.
    ///   - query: the parameters of the query.
    ///   - project: the project in the header `X-Project`; nil for none.
    ///   - body: the JSON text of the request's body; nil for the example of the body's type.
    ///   - answer: the JSON text of the answer's body.
    init(
        _ text: String, path: [String: String] = [:], query: [String: String] = [:], project: String? = nil,
        body: String? = nil, answer: String
    ) {
        self.text = text.split(separator: "\n").joined(separator: " ")
        self.path = path
        self.query = query
        self.project = project
        self.body = body.map { .json($0) }
        self.answer = .json(answer)
    }
}

extension Endpoint {
    /// The description of the operation in the document.
    var description: String { guide.text + " " + requirement }

    /// The example of a request's body; nil if the endpoint reads none.
    var exampleBody: DocumentValue? { body.map { guide.body ?? $0.example } }

    /// The name of the role that the operation requires, as the document tells it to programs.
    var requiredRole: String {
        switch verb?.requirement {
        case nil: "none"
        case .anybody: "authenticated"
        case .role(let role), .roleOrAdministrator(let role): role.rawValue
        case .serviceAgent: "serviceAgent"
        case .administrator: "administrator"
        }
    }

    /// A sentence on the callers that may perform the operation.
    private var requirement: String {
        let caller =
            switch verb?.requirement {
            case nil: "Requires no credential."
            case .anybody: "Requires a credential, and no role."
            case .role(let role):
                "Requires the role `\(role.rawValue)` in the project\(role == .manager ? "" : ", or a higher one")."
            case .roleOrAdministrator(let role):
                "Requires the role `\(role.rawValue)` in the project, or the platform administrator role."
            case .serviceAgent(let role): "Requires a service agent with the role `\(role.rawValue)` in the project."
            case .administrator: "Requires the platform administrator role."
            }
        return isGuarded ? caller + " An approval policy may require approvals." : caller
    }
}
