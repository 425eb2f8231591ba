import Hummingbird
import JSONText
import KeyManagement

/// A path of health checks, at the root of every listener.
package enum HealthRoute: String, CaseIterable, Sendable {
    /// The process is alive.
    case healthz
    /// The same, by the name that Kubernetes uses.
    case livez
    /// Token and store can be used.
    case readyz

    /// The paths as the router has them.
    static let paths = Set(allCases.map { "/" + $0.rawValue })
}

/// The routes of health checks, without a credential.
struct HealthRoutes: Sendable {
    let readiness: Readiness
    /// Returns the reason why the service works but needs attention; nil if there is none.
    var degradation: @Sendable () -> String? = { nil }

    func add(to router: some RouterMethods<APIContext>) {
        for route in HealthRoute.allCases {
            switch route {
            case .healthz, .livez: router.path(RouterPath(route.rawValue), [.get: alive])
            case .readyz: router.path(RouterPath(route.rawValue), [.get: ready])
            }
        }
    }

    /// Answers if the process is alive. Neither token nor store is checked, because a restart would not repair them.
    @Sendable func alive(_ request: Request, _ context: APIContext) -> Response {
        answer("alive", context)
    }

    /// Answers if token and store can be used.
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
