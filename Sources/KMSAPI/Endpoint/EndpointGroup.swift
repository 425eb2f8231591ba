import HTTPServing
import HTTPTypes
import Hummingbird
import KeyManagement

/// The endpoints of a resource.
struct EndpointGroup: Sendable {
    let name: String
    let description: String
    let endpoints: [Endpoint]

    init(_ name: String, _ description: String, _ endpoints: [Endpoint]) {
        self.name = name
        self.description = description
        self.endpoints = endpoints
    }

    /// The groups of the API, in the order of the document.
    static let all = [
        keys, versions, cryptography, signatures, batches, aliases, imports, access, projects, subjects, accessKeys,
        groups, audit, roots, custody, approvals, health,
    ]
}

extension Endpoint {
    static let all = EndpointGroup.all.flatMap(\.endpoints)
}

extension RouterMethods where Context == APIContext {
    /// Registers the handlers of endpoints, path by path, with 405 for all methods that a path does not have.
    func add(_ endpoints: [Endpoint], service: KeyService, configuration: APIConfiguration) {
        for path in endpoints.map(\.path).uniqued() {
            var handlers: [HTTPRequest.Method: Handler] = [:]
            for endpoint in endpoints where endpoint.path == path {
                let reader = BodyReader(limit: endpoint.bodyLimit.byteCount(in: configuration))
                guard let handler = endpoint.makeHandler?(service, reader) else { continue }
                handlers[endpoint.method] =
                    endpoint.query.isEmpty
                    ? { request, context in
                        try ListQuery.requireNone(request)
                        return try await handler(request, context)
                    } : handler
            }
            if !handlers.isEmpty { self.path(RouterPath(path), handlers) }
        }
    }
}

extension Sequence where Element: Hashable {
    /// Returns each element once, in the order of first occurrence.
    func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
