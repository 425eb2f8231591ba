import Hummingbird
import JSONText
import KeyManagement

/// For whoever watches the service; without a credential.
struct HealthRoutes: Sendable {
    let readiness: Readiness

    static let paths: Set<String> = ["/healthz", "/readyz"]

    func add(to router: some RouterMethods<APIContext>) {
        router.path("healthz", [.get: alive])
        router.path("readyz", [.get: ready])
    }

    /// The process answers. Neither token nor store is asked: restarting it would not bring them back.
    @Sendable func alive(_ request: Request, _ context: APIContext) -> Response {
        Envelope.success("alive", requestID: context.requestID) { $0.field("status", "alive") }
    }

    /// Token and store can be used.
    @Sendable func ready(_ request: Request, _ context: APIContext) async throws -> Response {
        if let error = await readiness.check() { throw APIError.notReady(error) }
        return Envelope.success("ready", requestID: context.requestID) { $0.field("status", "ready") }
    }
}
