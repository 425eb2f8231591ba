import HTTPServing
import HTTPTypes
import KeyManagement

/// The OpenAPI 3.1 document of the API.
///
/// It follows from the endpoints, as the router does.
enum APIDocument {
    /// The JSON text of the document, made once.
    static let json: String = {
        var json = ""
        value.write(into: &json)
        return json
    }()

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
                EndpointGroup.all.map { ["name": .text($0.name), "description": .text($0.description)] }),
            "paths": paths,
            "components": [
                "securitySchemes": [
                    "token": ["type": "apiKey", "in": "header", "name": "X-Auth-Token"],
                    "bearer": ["type": "http", "scheme": "bearer"],
                ],
                "headers": ["X-Request-Id": DocumentedResponses.requestIDHeader],
                "parameters": DocumentedParameters.components, "responses": failures, "schemas": schemas,
            ],
        ]
    }

    private static let description = """
        A key management service whose keys live in a hardware security module.

        Every answer is an envelope: `code`, `message`, `data` and `requestId`; a failure has no `data`. Bodies are JSON \
        objects; unknown fields are refused. An unknown path is answered with 404 and `NOT_FOUND`, a method that a path does \
        not support with 405 and `METHOD_NOT_ALLOWED`. Where a path requires a credential, so do these answers. HEAD is \
        supported wherever GET is.
        """

    private static var paths: DocumentValue {
        var paths: [(name: String, value: DocumentValue)] = []
        for path in Endpoint.all.map(\.fullPath).uniqued() {
            let parameters = PathParameter.names(in: path).map(DocumentedParameters.ref)
            var item: [(name: String, value: DocumentValue)] = []
            if !parameters.isEmpty { item.append(("parameters", .list(parameters))) }
            for group in EndpointGroup.all {
                for endpoint in group.endpoints where endpoint.fullPath == path {
                    item.append((endpoint.method.rawValue.lowercased(), operation(endpoint, in: group)))
                }
            }
            paths.append((path, .object(item)))
        }
        return .object(paths)
    }

    private static func operation(_ endpoint: Endpoint, in group: EndpointGroup) -> DocumentValue {
        var fields: [(name: String, value: DocumentValue)] = [
            ("operationId", .text(endpoint.id)), ("summary", .text(endpoint.summary)),
            ("description", .text(endpoint.description)), ("x-required-role", .text(endpoint.requiredRole)),
            ("tags", [.text(group.name)]),
        ]
        if endpoint.isOpen { fields.append(("security", [])) }
        let parameters = DocumentedParameters.of(endpoint)
        if !parameters.isEmpty { fields.append(("parameters", .list(parameters))) }
        if let body = endpoint.body {
            let content: DocumentValue = [
                "application/json": [
                    "schema": Schema.ref(body.componentName), "example": endpoint.guide.body ?? body.example,
                ]
            ]
            fields.append(("requestBody", ["required": .flag(body.isRequired), "content": content]))
        }
        var responses = endpoint.successes.map { success in
            (name: String(success.status.code), value: DocumentedResponses.success(success, of: endpoint))
        }
        for (status, codes) in endpoint.failuresByStatus.sorted(by: { $0.key < $1.key }) {
            responses.append(
                (String(status), ["$ref": .text("#/components/responses/\(DocumentedResponses.name(of: codes))")]))
        }
        fields.append(("responses", .object(responses)))
        return .object(fields)
    }

    /// The responses for every set of codes that an endpoint has under one status, and the 404 and 405 of paths and methods that do not
    /// exist.
    private static var failures: DocumentValue {
        var sets = Endpoint.all.flatMap { endpoint in endpoint.failuresByStatus.map { ($0.key, $0.value) } }
        sets.append((404, [.notFound]))
        sets.append((405, [.methodNotAllowed]))
        var responses: [String: DocumentValue] = [:]
        for (status, codes) in sets {
            responses[DocumentedResponses.name(of: codes)] = DocumentedResponses.failure(codes, status: status)
        }
        return .object(responses.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) })
    }

    /// The component schemas: of failures, of the data of answers, and of bodies.
    private static var schemas: DocumentValue {
        var schemas = [(name: "Failure", value: DocumentedResponses.failureSchema.value)]
        schemas += Endpoint.components.map { (name: $0.name, value: $0.value) }
        schemas += Endpoint.all.compactMap(\.body).map { (name: $0.componentName, value: $0.schema.value) }
        var seen: Set<String> = []
        return .object(schemas.filter { seen.insert($0.name).inserted })
    }
}

extension Endpoint {
    /// The component schemas of all answers. One that several endpoints use is repeated.
    static var components: [Schema.Component] { all.flatMap(\.successes).flatMap(\.schema.components) }
}
