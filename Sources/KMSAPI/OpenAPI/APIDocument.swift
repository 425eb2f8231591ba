import HTTPServing
import HTTPTypes
import KeyManagement

/// The OpenAPI 3.1 document of the API.
///
/// The document is written by hand, not generated from the routes. It states what callers may rely on, and a test compares it with the
/// routes in both directions.
enum APIDocument {
    /// The JSON text of the document, made once.
    static let json: String = {
        var json = ""
        value.write(into: &json)
        return json
    }()

    static let operations = OperationGroup.all.flatMap(\.operations)

    private static var value: DocumentValue {
        [
            "openapi": "3.1.0", "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
            "info": [
                "title": "hsm-kms", "version": "1",
                "description": .text(description), "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
            ],
            "servers": [["url": "/"]],
            "security": [["token": []], ["bearer": []]],
            "tags": .list(
                OperationGroup.all.map { ["name": .text($0.name), "description": .text($0.description)] }),
            "paths": paths,
            "components": [
                "securitySchemes": [
                    "token": ["type": "apiKey", "in": "header", "name": "X-Auth-Token"],
                    "bearer": ["type": "http", "scheme": "bearer"],
                ],
                "headers": ["X-Request-Id": Answers.requestIDHeader],
                "parameters": Parameters.components, "responses": failures, "schemas": schemas,
            ],
        ]
    }

    private static let description = """
        A key management service whose keys live in a hardware security module.

        Every answer is an envelope: `code`, `message`, `data` and `requestId`; a failure has no `data`. Bodies are JSON \
        of known fields only. A path that does not exist is answered with 404 and `NOT_FOUND`, a method that a path does \
        not take with 405 and `METHOD_NOT_ALLOWED`; both are told only to whom has a credential, where the path needs one. \
        HEAD is taken where GET is.
        """

    private static var paths: DocumentValue {
        var paths: [(name: String, value: DocumentValue)] = []
        for path in operations.map(\.fullPath).uniqued() {
            let there = operations.filter { $0.fullPath == path }
            let parameters = Parameters.names(in: path).map(Parameters.ref)
            var item = there.map { (name: $0.method.rawValue.lowercased(), value: operation($0)) }
            if !parameters.isEmpty { item.insert((name: "parameters", value: .list(parameters)), at: 0) }
            paths.append((path, .object(item)))
        }
        return .object(paths)
    }

    private static func operation(_ operation: APIOperation) -> DocumentValue {
        var fields: [(name: String, value: DocumentValue)] = [
            ("operationId", .text(operation.id)), ("summary", .text(operation.summary)),
            ("tags", [.text(operation.group)]),
        ]
        if operation.isOpen { fields.append(("security", [])) }
        var parameters = operation.query.map(Parameters.query)
        if !operation.isOpen { parameters.append(Parameters.xProject) }
        if operation.isGuarded { parameters.append(Parameters.xApproval) }
        if operation.isRepeatable { parameters.append(Parameters.idempotencyKey) }
        if !parameters.isEmpty { fields.append(("parameters", .list(parameters))) }
        if let body = operation.body {
            let content: DocumentValue = ["application/json": ["schema": Schema.ref(body.componentName).value]]
            fields.append(("requestBody", ["required": .flag(!operation.bodyIsOptional), "content": content]))
        }
        var answers = operation.data.map { answer in
            (
                name: String(answer.status),
                value: Answers.success(of: operation, status: answer.status, answer.schema)
            )
        }
        for (status, codes) in operation.failuresByStatus.sorted(by: { $0.key < $1.key }) {
            answers.append(
                (String(status), ["$ref": .text("#/components/responses/\(Answers.name(of: codes))")]))
        }
        fields.append(("responses", .object(answers)))
        return .object(fields)
    }

    /// The responses for every set of codes that an operation has under one status, and the 404 and 405 of paths and methods that do not
    /// exist.
    private static var failures: DocumentValue {
        var sets = operations.flatMap { operation in operation.failuresByStatus.map { ($0.key, $0.value) } }
        sets.append((404, [.notFound]))
        sets.append((405, [.methodNotAllowed]))
        var responses: [String: DocumentValue] = [:]
        for (status, codes) in sets { responses[Answers.name(of: codes)] = Answers.failure(codes, status: status) }
        return .object(responses.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) })
    }

    private static var schemas: DocumentValue {
        var schemas = [(name: "Failure", value: Answers.failureSchema.value)]
        schemas += DataSchemas.all.map { (name: $0.name, value: $0.schema.value) }
        let bodies = operations.compactMap(\.body)
        for name in bodies.map(\.name).uniqued() {
            guard let body = bodies.first(where: { $0.name == name }) else { continue }
            schemas.append((name: body.componentName, value: body.schema.value))
        }
        return .object(schemas)
    }
}

extension RequestSchema {
    /// The component's name. The suffix separates bodies from data of the same name.
    var componentName: String { name + "Request" }
}

extension Sequence where Element: Hashable {
    /// Returns each element once, in the order of first occurrence.
    fileprivate func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
