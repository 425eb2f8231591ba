package import Hummingbird
package import KeyManagement
package import Logging

/// The configuration of a listener for the health routes alone, in plain HTTP.
package struct HealthConfiguration: Sendable {
    package var host: String
    /// The port; 0 lets the system choose one.
    package var port: Int
    /// The most connections at a time; one source may have half of them.
    package let maxConnections = 32

    package init(host: String = "127.0.0.1", port: Int) {
        self.host = host
        self.port = port
    }

    /// The limits of the listener: enough for a probe, and no more.
    var api: APIConfiguration {
        var configuration = APIConfiguration(
            host: host, port: port, maxHeaderBytes: 2048, maxHeaderListBytes: 8192, maxHeaderCount: 50,
            maxConnections: maxConnections, idleTimeout: .seconds(30), readTimeout: .seconds(5),
            writeTimeout: .seconds(5), drainTimeout: .seconds(1))
        configuration.headTimeout = .seconds(5)
        configuration.maxConnectionsPerSource = maxConnections / 2
        return configuration
    }
}

/// Builds a service that answers `/healthz`, `/livez` and `/readyz`. Its connections are counted separately from the API's, so that probes
/// are answered even while the API has reached its limit.
///
/// - Parameters:
///   - degradation: returns the reason why the service works but needs attention; nil if there is none.
///   - onReady: called with the port, once connections are accepted.
package func makeHealthAPI(
    service: KeyService, configuration: HealthConfiguration, logger: Logger,
    degradation: @escaping @Sendable () -> String? = { nil },
    onReady: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
) -> some ApplicationProtocol {
    let limits = configuration.api
    let log = RequestLog(logger: logger, sink: nil, burst: limits.failedAttempts)
    let router = Router(context: APIContext.self)
    router.add(middleware: AnswerMiddleware(log: log))
    HealthRoutes(readiness: Readiness(service: service), degradation: degradation).add(to: router)
    return APIApplication(
        responder: router.buildResponder(), configuration: limits, log: log, onReady: onReady)
}
