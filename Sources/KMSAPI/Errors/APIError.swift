import Hummingbird
import KeyManagement

/// Why a request is not answered with success: what the service says, and what HTTP adds to it.
enum APIError: Error {
    case service(KMSError)
    case notFound
    case methodNotAllowed(allow: String)
    case payloadTooLarge(limit: Int)
    case unsupportedMediaType
    /// The target or a header is too long, or there are too many headers.
    case headersTooLarge
    case malformedHTTP
    /// `/readyz` found something that cannot be used.
    case notReady(KMSError)

    /// Takes whatever was thrown on the way: ours, the service's, Hummingbird's.
    init(_ error: any Error) {
        switch error {
        case let error as APIError: self = error
        case let error as KMSError: self = .service(error)
        case let error as any HTTPResponseError where error.status == .notFound: self = .notFound
        case is CancellationError: self = .service(.busy("the request was cancelled"))
        default: self = .service(.internalFailure("an unforeseen error: \(String(reflecting: type(of: error)))"))
        }
    }
}
