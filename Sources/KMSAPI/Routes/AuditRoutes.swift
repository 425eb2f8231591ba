import HTTPServing
import Hummingbird
import JSONText
import KeyManagement

/// The routes of the parts of the audit log that are for publication.
struct AuditRoutes: Sendable {
    let service: KeyService

    func add(to router: some RouterMethods<APIContext>) {
        router.path("audit/checkpoint", [.get: checkpoint])
    }

    @Sendable func checkpoint(_ request: Request, _ context: APIContext) async throws -> Response {
        let published = try await service.latestCheckpoint(by: context.principal)
        return Envelope.success("latest checkpoint", requestID: context.requestID) {
            $0.field("checkpoint", optional: published.line)
            if let key = published.auditKey { $0.field("publicKey", base64: key.der) } else { $0.null("publicKey") }
        }
    }
}
