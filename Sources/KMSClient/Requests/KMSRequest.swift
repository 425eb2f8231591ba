/// One request to the API, with the type of its answer.
///
/// The static members make the requests of the verbs that programs need. For any other verb, name the method and the path:
///
/// ```swift
/// let page: KeyPageAnswer = try await client.send(KMSRequest(.get, "/api/v1/keys?state=active"))
/// ```
public struct KMSRequest<Answer: Decodable & Sendable>: Sendable {
    public let method: RequestMethod
    /// The path with its query, percent-encoded, such as `/api/v1/keys/invoices`.
    public let path: String
    package let body: RequestBody
    /// A name for the request. Sent again under the same name, it is answered again and not performed again.
    public var idempotencyKey: String?

    package init(_ method: RequestMethod, _ path: String, body: RequestBody, idempotencyKey: String? = nil) {
        self.method = method
        self.path = path
        self.body = body
        self.idempotencyKey = idempotencyKey
    }

    /// Creates a request without a body.
    public init(_ method: RequestMethod, _ path: String, idempotencyKey: String? = nil) {
        self.init(method, path, body: .none, idempotencyKey: idempotencyKey)
    }

    /// Creates a request whose body is `content` as JSON.
    public init(
        _ method: RequestMethod, _ path: String, _ content: some Encodable & Sendable, idempotencyKey: String? = nil
    ) {
        self.init(method, path, body: .value(content), idempotencyKey: idempotencyKey)
    }
}

/// The HTTP method of a request.
public enum RequestMethod: String, Sendable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
}

/// The body of a request.
package enum RequestBody: Sendable {
    case none
    case value(any Encodable & Sendable)
    /// A body that is JSON already, sent as it is.
    case json([UInt8])
}
