import Hummingbird
import JSONText
import KeyManagement

/// For whoever watches the service; without a credential.
struct HealthRoutes: Sendable {
    let readiness: Readiness
    /// The reason why the service works and still wants attention; nil when there is none.
    var degradation: @Sendable () -> String? = { nil }

    static let paths: Set<String> = ["/healthz", "/livez", "/readyz"]

    func add(to router: some RouterMethods<APIContext>) {
        router.path("healthz", [.get: alive])
        router.path("livez", [.get: alive])
        router.path("readyz", [.get: ready])
    }

    /// The process answers. Neither token nor store is asked: restarting it would not bring them back.
    @Sendable func alive(_ request: Request, _ context: APIContext) -> Response {
        answer("alive", context)
    }

    /// Token and store can be used.
    @Sendable func ready(_ request: Request, _ context: APIContext) async throws -> Response {
        if let error = await readiness.check() { throw APIError.notReady(error) }
        return answer("ready", context)
    }

    private func answer(_ status: StaticString, _ context: APIContext) -> Response {
        Envelope.success(status, requestID: context.requestID) { writer in
            writer.field("status", "\(status)")
            if let reason = degradation() { writer.field("degraded", reason) }
        }
    }
}
