import HTTPTypes
import Hummingbird
import KeyManagement
package import Logging

/// A function that receives the line of a request: its fields, sorted by name.
///
/// Every request has one, so it bypasses `Logger`, which would make a dictionary of it.
package typealias RequestLogSink = @Sendable (_ level: Logger.Level, _ fields: [(name: String, value: String)]) -> Void

/// Writes one line per request: the operation, the subject, and the outcome. It never contains bodies or credentials, and has the route's
/// template in place of the path.
package struct RequestLog: Sendable {
    let logger: Logger
    private let sink: RequestLogSink
    private let budget: LineBudget

    /// Makes a log.
    ///
    /// - Parameters:
    ///   - logger: the log that the lines go to without a sink.
    ///   - sink: receives the lines; nil for the logger.
    ///   - burst: the number of lines that a source of unauthenticated requests leaves at once. Then it is one in three seconds,
    ///     with the number of those suppressed.
    package init(logger: Logger, sink: RequestLogSink?, burst: Int = 20) {
        self.logger = logger
        budget = LineBudget(burst: burst)
        self.sink =
            sink ?? { level, fields in
                let metadata = fields.map { ($0.name, Logger.MetadataValue.string($0.value)) }
                logger.log(level: level, "request", metadata: Dictionary(metadata) { first, _ in first })
            }
    }

    func record(
        _ method: HTTPRequest.Method, context: APIContext, status: HTTPResponse.Status, failure: APIError?,
        took duration: Duration
    ) {
        let level = level(of: status, on: context)
        guard level >= logger.logLevel else { return }
        let subject = context.notes.subject
        guard let untold = subject == nil ? budget.take(at: context.place) : 0 else { return }
        var fields: [(name: String, value: String)] = []
        fields.reserveCapacity(8)
        fields.append(("code", failure?.code.rawValue ?? context.notes.code ?? Envelope.success))
        if let detail = failure?.logDetail { fields.append(("detail", detail)) }
        fields.append(("duration_ms", Self.milliseconds(duration)))
        fields.append(("method", method.rawValue))
        fields.append(("request", context.requestID))
        fields.append(("route", context.endpointPath ?? ""))
        fields.append(("status", String(status.code)))
        if let subject { fields.append(("subject", subject.text)) }
        if untold > 0 { fields.append(("unlogged", String(untold))) }
        sink(level, fields)
    }

    /// Records input that could not be read as a request.
    func record(malformed failure: APIError, from place: FailedAttempts.SourceNetwork?, requestID: String) {
        guard .info >= logger.logLevel, let untold = budget.take(at: place) else { return }
        var fields: [(name: String, value: String)] = [
            ("code", failure.code.rawValue), ("request", requestID), ("status", String(failure.status.code)),
        ]
        if untold > 0 { fields.append(("unlogged", String(untold))) }
        sink(.info, fields)
    }

    private func level(of status: HTTPResponse.Status, on context: APIContext) -> Logger.Level {
        switch status.kind {
        case .serverError: .error
        case .successful where context.endpointPath.map(HealthRoute.paths.contains) ?? false: .debug
        default: .info
        }
    }

    /// Formats milliseconds with three digits after the decimal point.
    private static func milliseconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        let fraction = String(microseconds % 1000)
        return
            "\(microseconds / 1000).\(fraction.utf8.count == 3 ? "" : fraction.utf8.count == 2 ? "0" : "00")\(fraction)"
    }
}
