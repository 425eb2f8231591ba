package import Hummingbird
package import KeyManagement
package import Logging

/// A protocol that the server speaks: a translation between requests and ``/KeyManagement/KeyService``, on routes of its own.
package protocol Door: Sendable {
    /// Adds the routes, and nothing that applies to the routes of other doors. Only the last door of a server may add middleware to the
    /// router, which then also applies to paths that no door has.
    ///
    /// - Parameter listener: the parts that all doors of one listener share.
    func add(to router: Router<APIContext>, on listener: Listener)
}

/// The parts that all doors of one listener share.
package struct Listener: Sendable {
    package let configuration: APIConfiguration
    /// The failed authentications of each address, whatever the door.
    package let failures: FailedAttempts

    package init(_ configuration: APIConfiguration) {
        self.configuration = configuration
        failures = FailedAttempts(burst: configuration.failedAttempts)
    }
}

/// Builds a server of doors and of the health routes, as an application that a service group runs.
///
/// A graceful shutdown ends it. The server then accepts no new connections, finishes running requests, and after
/// ``APIConfiguration/drainTimeout`` cancels the remaining ones.
///
/// - Parameters:
///   - doors: the last one also answers for paths that no door has.
///   - onReady: called with the port, once connections are accepted.
///   - requestLog: receives the line of each request; nil for the logger.
///   - degradation: returns the reason why the service works but needs attention, for the health routes; nil if there is none.
package func makeServer(
    of doors: [any Door], service: KeyService, configuration: APIConfiguration = APIConfiguration(), logger: Logger,
    onReady: @escaping @Sendable (_ port: Int) async -> Void = { _ in }, requestLog: RequestLogSink? = nil,
    degradation: @escaping @Sendable () -> String? = { nil }
) -> some ApplicationProtocol {
    let log = RequestLog(logger: logger, sink: requestLog, burst: configuration.failedAttempts)
    let router = makeRouter(
        of: doors, service: service, configuration: configuration, log: log, degradation: degradation)
    return APIApplication(
        responder: router.buildResponder(), configuration: configuration, log: log, onReady: onReady)
}

/// Returns all routes of a server, behind the middleware that every request passes.
package func makeRouter(
    of doors: [any Door], service: KeyService, configuration: APIConfiguration, log: RequestLog,
    degradation: @escaping @Sendable () -> String? = { nil }
) -> Router<APIContext> {
    let router = Router(context: APIContext.self)
    router.add(middleware: AnswerMiddleware(log: log))
    HealthRoutes(readiness: Readiness(service: service), degradation: degradation).add(to: router)
    let listener = Listener(configuration)
    for door in doors { door.add(to: router, on: listener) }
    return router
}
