import AWSKMSAPI
public import Hummingbird
public import KeyManagement
public import Logging

/// Builds the HTTP API as an application that a service group runs.
///
/// A graceful shutdown ends it. The API then accepts no new connections, finishes running requests, and after
/// ``APIConfiguration/drainTimeout`` cancels the remaining ones.
///
/// - Parameters:
///   - onReady: called with the port, once connections are accepted.
///   - requestLog: receives the line of each request; nil for the logger.
///   - degradation: returns the reason why the service works but needs attention, for the health routes; nil if there is none.
public func makeAPI(
    service: KeyService, configuration: APIConfiguration = APIConfiguration(), logger: Logger,
    onReady: @escaping @Sendable (_ port: Int) async -> Void = { _ in }, requestLog: RequestLogSink? = nil,
    degradation: @escaping @Sendable () -> String? = { nil }
) -> some ApplicationProtocol {
    let log = RequestLog(logger: logger, sink: requestLog, burst: configuration.failedAttempts)
    let router = makeRouter(service: service, configuration: configuration, log: log, degradation: degradation)
    return APIApplication(
        responder: router.buildResponder(), configuration: configuration, log: log, onReady: onReady)
}

/// Returns all routes of the API, behind the middleware that every request passes.
func makeRouter(
    service: KeyService, configuration: APIConfiguration, log: RequestLog,
    degradation: @escaping @Sendable () -> String? = { nil }
) -> Router<APIContext> {
    let router = Router(context: APIContext.self)
    router.add(middleware: AnswerMiddleware(log: log))
    HealthRoutes(readiness: Readiness(service: service), degradation: degradation).add(to: router)
    DocumentRoutes().add(to: router)
    let failures = FailedAttempts(burst: configuration.failedAttempts)
    AWSRoutes(
        api: AWSAPI(service: service), body: BodyReader(limit: configuration.maxBodyBytes), failures: failures
    ).add(to: router)
    // Everything below requires a credential first, as does every path that does not exist.
    router.add(
        middleware: AuthenticationMiddleware(service: service, failures: failures))
    let api = router.group("api/v1")
    let body = BodyReader(limit: configuration.maxBodyBytes)
    KeyRoutes(service: service, body: body).add(to: api)
    VersionRoutes(service: service, body: body).add(to: api)
    CryptoRoutes(service: service, body: body).add(to: api)
    SignatureRoutes(service: service, body: BodyReader(limit: 2 * configuration.maxBodyBytes)).add(to: api)
    BatchRoutes(service: service, body: BodyReader(limit: configuration.maxBatchBytes)).add(to: api)
    AliasRoutes(service: service, body: body).add(to: api)
    ImportRoutes(service: service, body: body).add(to: api)
    AccessRoutes(service: service, body: body).add(to: api)
    ProjectRoutes(service: service, body: body).add(to: api)
    SubjectRoutes(service: service, body: body).add(to: api)
    AccessKeyRoutes(service: service, body: body).add(to: api)
    GroupRoutes(service: service, body: body).add(to: api)
    AuditRoutes(service: service).add(to: api)
    RootRoutes(service: service).add(to: api)
    CustodyRoutes(service: service).add(to: api)
    ApprovalRoutes(service: service, body: body).add(to: api)
    return router
}
