import HTTPServing
import HTTPTypes
import Hummingbird
import KeyManagement
import NIOCore

/// The open endpoints: the health routes, which the server itself answers, and the API's document.
extension EndpointGroup {
    static let health = EndpointGroup(
        "health", "Health checks, and this document.",
        HealthRoute.allCases.map(Endpoint.init) + [.document])
}

extension Endpoint {
    /// Describes a health route.
    fileprivate init(_ route: HealthRoute) {
        let (id, summary, guide, failures): (String, String, Guide, Set<FailureCode>) =
            switch route {
            case .healthz: ("alive", "Returns success if the process is alive", .alive, [])
            case .livez: ("alsoAlive", "The same as healthz, under the name that Kubernetes uses", .alsoAlive, [])
            case .readyz: ("ready", "Returns success if the token and the store can be used", .ready, Self.ofReadiness)
            }
        self.init(
            method: .get, path: route.rawValue, id: id, summary: summary, guide: guide, verb: nil, query: [], body: nil,
            isIdempotent: false, successes: [Success(schema: Answers.status)], failures: failures, makeHandler: nil,
            bodyLimit: .standard)
    }

    private static let ofReadiness: Set<FailureCode> = [
        .busy, .tokenUnavailable, .storeUnavailable, .auditUnavailable, .recordTampered, .invalidRequest,
        .unsupported, .decryptionFailed,
    ]

    /// The endpoint of the API's document. It needs no credential, because the document reveals nothing that the source does not.
    static let document = Endpoint(
        .get, "openapi.json", "document", "Returns this document, without the envelope", guide: .document, verb: nil,
        body: NoBody.self,
        successes: [
            Success(
                schema: Schema(["type": "object", "required": ["openapi"]], example: ["openapi": "3.1.0"]),
                hasEnvelope: false)
        ]
    ) { request in
        Response(
            status: .ok, headers: Envelope.headers(requestID: request.requestID),
            body: ResponseBody(byteBuffer: documentBytes))
    }

    /// The document, made at the first request, because not every process needs it.
    private static let documentBytes = ByteBuffer(string: APIDocument.json)
}

extension Answers {
    /// The schema of the answers of health routes.
    fileprivate static let status = Schema.component(
        "Status",
        .object([
            .must("status", .one(of: ["alive", "ready"])),
            .may(
                "degraded",
                Schema.text.described(
                    "The reason why the service works but needs attention, such as lost log lines.")),
        ]))
}
