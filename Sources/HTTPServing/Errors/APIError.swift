import Hummingbird
package import KeyManagement

/// An error that a request is answered with: the service's errors, and those that HTTP adds.
package enum APIError: Error {
    case service(KMSError)
    case notFound
    case methodNotAllowed(allow: String)
    case payloadTooLarge(limit: Int)
    case unsupportedMediaType
    /// The target or a header is too long, or there are too many headers.
    case headersTooLarge
    case malformedHTTP
    /// `/readyz` found that the token or the store cannot be used.
    case notReady(KMSError)

    /// Converts any error thrown on the way: the API's own, the service's, or Hummingbird's.
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
