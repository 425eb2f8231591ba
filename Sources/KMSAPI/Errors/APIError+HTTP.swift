import HTTPTypes
import KeyManagement

// The one place where failures become answers of HTTP.

extension APIError {
    var status: HTTPResponse.Status {
        switch self {
        case .service(let error): Self.status(of: error)
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .payloadTooLarge: .contentTooLarge
        case .unsupportedMediaType: .unsupportedMediaType
        case .headersTooLarge: .requestHeaderFieldsTooLarge
        case .malformedHTTP: .badRequest
        case .notReady: .serviceUnavailable
        }
    }

    private static func status(of error: KMSError) -> HTTPResponse.Status {
        switch error {
        case .invalidRequest, .invalidCursor, .decryptionFailed, .unsupported, .usageForbids, .materialDiffers,
            .materialRejected:
            .badRequest
        case .unauthenticated: .unauthorized
        case .accessDenied, .approvalRequired, .approvalInvalid: .forbidden
        case .keyNotFound, .versionNotFound, .aliasNotFound, .importJobNotFound, .projectNotFound, .subjectNotFound,
            .groupNotFound, .credentialNotFound, .accessKeyNotFound, .rootNotFound, .approvalNotFound, .grantNotFound:
            .notFound
        case .keyNameTaken, .nameTaken, .conflict, .stateForbids, .keyDisabled, .keyPendingDeletion, .limitReached:
            .conflict
        // draft-ietf-httpapi-idempotency-key-header §2.7.
        case .idempotencyMismatch: .unprocessableContent
        // RFC 6585 §4.
        case .rateLimited, .tooManyFailures: .tooManyRequests
        case .busy, .tokenUnavailable, .storeUnavailable, .auditUnavailable: .serviceUnavailable
        case .recordTampered, .internalFailure: .internalServerError
        }
    }

    /// The stable code of the envelope.
    var code: String {
        switch self {
        case .service(let error), .notReady(let error): error.code
        case .notFound: "NOT_FOUND"
        case .methodNotAllowed: "METHOD_NOT_ALLOWED"
        case .payloadTooLarge: "PAYLOAD_TOO_LARGE"
        case .unsupportedMediaType: "UNSUPPORTED_MEDIA_TYPE"
        case .headersTooLarge: "HEADERS_TOO_LARGE"
        case .malformedHTTP: "INVALID_REQUEST"
        }
    }

    /// What the caller is told.
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

    /// What the log has beside the code; nil for what is the caller's doing.
    var logDetail: String? {
        guard status.kind == .serverError else { return nil }
        switch self {
        case .service(let error), .notReady(let error): return error.logDetail
        default: return nil
        }
    }

    /// RFC 9110 §10.2.3 has whole seconds; never 0, which would mean at once.
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
