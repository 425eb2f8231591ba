import HTTPServing
import HTTPTypes
import Hummingbird
import KeyManagement

/// One operation of the API: its route, its description in the document, and its handler.
///
/// The router and the document both follow from the endpoints of ``EndpointGroup/all``.
struct Endpoint: Sendable {
    let method: HTTPRequest.Method
    /// The template of the path: below `/api/v1`, or the whole path of an open endpoint.
    let path: String
    /// The operation id in the document, which no other endpoint has.
    let id: String
    let summary: String
    let guide: Guide
    /// The verb under which the service authorises and audits the operation; nil for an open endpoint.
    let verb: Verb?
    /// The parameters of the query. No others are allowed.
    let query: [QueryParameter]
    /// The body; nil if the endpoint reads none.
    let body: BodyDescription?
    /// True if the endpoint reads `Idempotency-Key`.
    let isIdempotent: Bool
    /// The successful answers, one for each status.
    let successes: [Success]
    /// The failures of this endpoint, in addition to those that all endpoints share.
    let failures: Set<FailureCode>
    /// Makes the handler; nil if another part of the server answers at this path.
    let makeHandler: (@Sendable (KeyService, BodyReader) -> Handler)?
    let bodyLimit: BodyLimit

    /// A successful answer, as the document describes it.
    struct Success: Sendable {
        var status = HTTPResponse.Status.ok
        /// The schema of the data.
        let schema: Schema
        /// True if the answer carries the path of a new object in `Location`.
        var hasLocation = false
        /// False for an answer without the envelope.
        var hasEnvelope = true
    }

    /// True if the endpoint requires no credential, and its path is not below `/api/v1`.
    var isOpen: Bool { verb == nil }

    /// True if the operation may need approvals.
    var isGuarded: Bool { failures.contains(.approvalRequired) }

    var fullPath: String { isOpen ? "/" + path : "/api/v1/" + path }

    /// All codes that the endpoint can fail with, by status.
    var failuresByStatus: [Int: Set<FailureCode>] {
        // An open endpoint uses no credential and, except for /readyz, neither the token nor the store.
        var all =
            isOpen ? [.headersTooLarge, .internalFailure] : FailureCode.always.union(FailureCode.behindCredentials)
        if body != nil { all.formUnion(FailureCode.ofBodies) }
        if isIdempotent { all.insert(.idempotencyMismatch) }
        return Dictionary(grouping: all.union(failures), by: \.status.code).mapValues(Set.init)
    }
}

/// The limit of a body's length.
enum BodyLimit: Sendable {
    case standard
    /// Twice the standard, because a message of 64 KiB is longer than that in base64.
    case message
    case batch

    /// Returns the limit in bytes.
    func byteCount(in configuration: APIConfiguration) -> Int {
        switch self {
        case .standard: configuration.maxBodyBytes
        case .message: 2 * configuration.maxBodyBytes
        case .batch: configuration.maxBatchBytes
        }
    }
}
