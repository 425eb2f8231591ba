import HTTPTypes
import KeyManagement

// The one place where failures become HTTP answers.

extension APIError {
    /// The HTTP status: ``FailureCode/status``, or 503 for every reason why the service is not ready.
    var status: HTTPResponse.Status {
        if case .notReady = self { return .serviceUnavailable }
        return code.status
    }

    /// The stable code of the envelope.
    var code: FailureCode {
        switch self {
        case .service(let error), .notReady(let error): error.code
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .payloadTooLarge: .payloadTooLarge
        case .unsupportedMediaType: .unsupportedMediaType
        case .headersTooLarge: .headersTooLarge
        case .malformedHTTP: .invalidRequest
        }
    }

    /// The message for the caller.
    var message: String {
        switch self {
        case .service(let error): error.message
        case .notFound: "there is nothing at this path"
        case .methodNotAllowed(let allow): "this path takes \(allow) only"
        case .payloadTooLarge(let limit): "the body is longer than \(limit) bytes"
        case .unsupportedMediaType: "the body must be JSON in UTF-8, with Content-Type: application/json"
        case .headersTooLarge: "the path or the headers are too long"
        case .malformedHTTP: "what was sent is not HTTP/1.1"
        case .notReady(let error): "not ready: \(Self.part(of: error)) cannot be used"
        }
    }

    /// The headers that the status calls for.
    var headers: HTTPFields {
        switch self {
        case .methodNotAllowed(let allow): [.allow: allow]
        case .service(.unauthenticated): [.wwwAuthenticate: "Bearer"]
        case .service(.rateLimited(let wait)), .service(.tooManyFailures(let wait)):
            [.retryAfter: "\(Self.wholeSeconds(wait))"]
        default: status == .serviceUnavailable ? [.retryAfter: "1"] : [:]
        }
    }

    /// The detail that the log records in addition to the code; nil for errors of the caller.
    var logDetail: String? {
        guard status.kind == .serverError else { return nil }
        switch self {
        case .service(let error), .notReady(let error): return error.logDetail
        default: return nil
        }
    }

    /// Rounds up to whole seconds (RFC 9110 §10.2.3); never 0, which would mean at once.
    private static func wholeSeconds(_ wait: Duration) -> Int64 {
        max(1, wait.components.seconds + (wait.components.attoseconds > 0 ? 1 : 0))
    }

    private static func part(of error: KMSError) -> String {
        switch error {
        case .tokenUnavailable: "the token"
        case .storeUnavailable, .recordTampered: "the store"
        default: "the token or the store"
        }
    }
}
