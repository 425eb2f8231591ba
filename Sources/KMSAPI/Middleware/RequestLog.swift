import HTTPTypes
import Hummingbird
import KeyManagement
import Logging

/// Writes one line for each request: what was asked, by whom, and how it ended. Never what was in it: no bodies, no
/// credentials, and the route's template in place of the path.
struct RequestLog: Sendable {
    let logger: Logger

    func record(
        _ method: HTTPRequest.Method, context: APIContext, status: HTTPResponse.Status, failure: APIError?,
        took duration: Duration
    ) {
        logger.log(
            level: level(of: status, on: context), "request",
            metadata: metadata(method, context: context, status: status, failure: failure, took: duration))
    }

    /// A request that could not be read as one.
    func record(malformed failure: APIError, requestID: String) {
        logger.info(
            "request",
            metadata: ["status": "\(failure.status.code)", "code": "\(failure.code)", "request": "\(requestID)"])
    }

    private func metadata(
        _ method: HTTPRequest.Method, context: APIContext, status: HTTPResponse.Status, failure: APIError?,
        took duration: Duration
    ) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "method": "\(method.rawValue)",
            "route": "\(context.endpointPath ?? "")",
            "status": "\(status.code)",
            "code": "\(failure?.code ?? context.notes.code ?? Envelope.success)",
            "duration_ms": "\(Self.milliseconds(duration))",
            "request": "\(context.requestID)",
        ]
        if let subject = context.notes.subject { metadata["subject"] = "\(subject)" }
        if let detail = failure?.logDetail { metadata["detail"] = "\(detail)" }
        return metadata
    }

    private func level(of status: HTTPResponse.Status, on context: APIContext) -> Logger.Level {
        switch status.kind {
        case .serverError: .error
        case .successful where context.endpointPath.map(HealthRoutes.paths.contains) ?? false: .debug
        default: .info
        }
    }

    /// Milliseconds with three digits behind the point.
    private static func milliseconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        let fraction = String(microseconds % 1000)
        return "\(microseconds / 1000).\(String(repeating: "0", count: 3 - fraction.utf8.count))\(fraction)"
    }
}
