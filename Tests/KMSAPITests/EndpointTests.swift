import HTTPServing
import HTTPTypes
import KMSTesting
import KeyManagement
import NIOCore
import Testing

@testable import KMSAPI

/// The list of endpoints, checked against the service and the document.
@Suite struct EndpointTests {
    @Test func `no two endpoints have the same id, or the same method and path`() {
        #expect(Set(Endpoint.all.map(\.id)).count == Endpoint.all.count)
        #expect(Set(Endpoint.all.map { "\($0.method) \($0.fullPath)" }).count == Endpoint.all.count)
    }

    @Test func `every endpoint is routed and documented`() async throws {
        try await Fixture().run { client in
            let document = try await client.document()
            for endpoint in Endpoint.all {
                let operation = document.operation(endpoint.method.rawValue, endpoint.fullPath)
                #expect(operation?.id == endpoint.id)
                let path = endpoint.fullPath.replacing(/[{}]/, with: "")
                let allowed = try await client.send(.trace, path).headers[.allow] ?? ""
                #expect(allowed.split(separator: ", ").contains { $0 == endpoint.method.rawValue }, "\(endpoint.id)")
            }
        }
    }

    /// The verbs that no request to the native API names.
    private static let verbsWithoutEndpoint: Set<Verb> = [
        // The middleware authenticates every request.
        .authenticate,
        // A grantee retires a grant through the AWS API only.
        .retireGrant,
        // Part of an operation that needs approvals.
        .requestApproval, .useApproval,
        // The service itself rewraps.
        .rewrapKeys,
        // Local commands of the holder of the token's PIN.
        .recoverAdministrator, .resetApprovalPolicy, .acceptOlderStore, .adoptState,
    ]

    @Test(arguments: Verb.allCases) func `every verb of the service has an endpoint, or is known to have none`(
        verb: Verb
    ) {
        let hasEndpoint = Endpoint.all.contains { $0.verb == verb }
        #expect(hasEndpoint != Self.verbsWithoutEndpoint.contains(verb))
    }

    @Test func `a request to an endpoint is audited under the endpoint's verb`() async throws {
        try await Fixture().run { client in
            _ = try await client.createKey("payroll")
            for endpoint in Endpoint.all {
                guard let verb = endpoint.verb else { continue }
                let count = client.fixture.audit.entries.count
                let answer = try await client.send(
                    endpoint.method, endpoint.examplePath, endpoint.body?.example.json)
                let entries = client.fixture.audit.entries.dropFirst(count)
                #expect(
                    entries.contains { $0.verb == verb.rawValue },
                    "\(endpoint.id) is audited as \(entries.map(\.verb)): \(answer.text)")
            }
        }
    }

    @Test func `an endpoint reads its example of a body`() throws {
        for endpoint in Endpoint.all {
            guard let body = endpoint.body, let example = endpoint.exampleBody else { continue }
            #expect(throws: Never.self, "\(endpoint.id)") { try body.check(ByteBuffer(string: example.json)) }
            #expect(throws: Never.self, "\(endpoint.id)") { try body.check(ByteBuffer(string: body.example.json)) }
        }
    }

    @Test func `an example names no parameter that its endpoint does not have`() {
        for endpoint in Endpoint.all {
            let path = Set(PathParameter.names(in: endpoint.fullPath))
            #expect(path.isSuperset(of: endpoint.guide.path.keys), "\(endpoint.id)")
            #expect(Set(endpoint.query.map(\.name)).isSuperset(of: endpoint.guide.query.keys), "\(endpoint.id)")
        }
    }

    @Test func `every operation is described in whole sentences, with the callers that may perform it`() {
        for endpoint in Endpoint.all {
            let text = endpoint.guide.text
            #expect(text.count >= 40 && text.hasSuffix("."), "\(endpoint.id): \(text)")
            #expect(endpoint.description.contains("Requires "), "\(endpoint.id)")
            // Codes that a description names, the endpoint declares. Failures of authentication are named where they are explained.
            let codes = text.matches(of: /`([A-Z]+(?:_[A-Z]+)+)`/).map { String($0.1) }
            let declared = endpoint.failuresByStatus.values.reduce(into: Set<String>()) {
                $0.formUnion($1.map(\.rawValue))
            }
            for code in codes where !["UNAUTHENTICATED", "AES_256", "AES_128"].contains(code) {
                #expect(
                    declared.contains(code) || endpoint.id == "deleteAlias", "\(endpoint.id) cannot fail with \(code)")
            }
        }
    }

    @Test func `the example of an answer is as its schema says`() async throws {
        try await Fixture().run { client in
            let document = try await client.document()
            for operation in document.operations {
                for (status, response) in operation.json["responses"]?.fields ?? [:] where status < "300" {
                    let content = try #require(document.resolved(response)?["content"]?["application/json"])
                    let (example, schema) = (try #require(content["example"]), try #require(content["schema"]))
                    let faults = document.faults(of: example, by: schema)
                    #expect(faults.isEmpty, "\(operation.id) \(status): \(faults)")
                }
            }
        }
    }

    @Test(arguments: PathParameter.all.map(\.name))
    func `the example of a path's parameter is as its schema says`(name: String) async throws {
        let parameter = try #require(PathParameter.all.first { $0.name == name })
        let (example, schema) = (parameter.schema.example.json, parameter.schema.value.json)
        let document = OpenAPIDocument(root: .null)
        #expect(document.faults(of: try JSON.read(example), by: try JSON.read(schema)).isEmpty)
    }

    @Test func `component schemas of one name are the same`() {
        var known: [String: String] = [:]
        for component in Endpoint.components {
            let json = component.value.json
            #expect(known.updateValue(json, forKey: component.name) ?? json == json, "\(component.name)")
        }
        var bodies: [String: String] = [:]
        for body in Endpoint.all.compactMap(\.body) {
            let json = body.schema.value.json
            #expect(bodies.updateValue(json, forKey: body.componentName) ?? json == json, "\(body.componentName)")
        }
    }

    @Test func `a body may have twice the standard length for messages, and that of a batch for batches`() {
        let configuration = APIConfiguration(maxBodyBytes: 1000, maxBatchBytes: 5000)
        for endpoint in Endpoint.all where endpoint.body != nil {
            let limit = endpoint.bodyLimit.byteCount(in: configuration)
            let isSignature = EndpointGroup.signatures.endpoints.contains { $0.id == endpoint.id }
            let isBatch = EndpointGroup.batches.endpoints.contains { $0.id == endpoint.id }
            #expect(limit == (isBatch ? 5000 : isSignature ? 2000 : 1000), "\(endpoint.id)")
        }
    }
}

extension Endpoint {
    /// The path with the example of each parameter.
    fileprivate var examplePath: String {
        PathParameter.all.reduce(fullPath) { path, parameter in
            path.replacing("{\(parameter.name)}", with: parameter.schema.example.json.replacing("\"", with: ""))
        }
    }
}

extension DocumentValue {
    fileprivate var json: String {
        var json = ""
        write(into: &json)
        return json
    }
}
