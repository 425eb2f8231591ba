public import NIOCore

/// A request as it came, before anybody believes it.
public struct AWSRequest: Sendable {
    public let method: String
    /// As it was received, still percent-encoded.
    public let path: String
    /// What stands behind the question mark; empty when nothing does.
    public let query: String
    /// In the order in which they came, names in any case; `host` is among them.
    public let headers: [(name: String, value: String)]
    public let body: [UInt8]
    /// The IP address that asks; nil when it is not known.
    public let source: String?
    public let requestID: String
    /// Whether a failure to authenticate is written into the audit log; not where so many come from that they would fill it.
    public var isRecorded = true

    public init(
        method: String, path: String, query: String, headers: [(name: String, value: String)], body: [UInt8],
        source: String?, requestID: String
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.source = source
        self.requestID = requestID
    }

    /// The value of a header that comes once; nil otherwise.
    func header(_ name: String) -> String? {
        let values = headers.filter { $0.name.lowercased() == name }
        return values.count == 1 ? values[0].value : nil
    }
}

/// What is answered.
public struct AWSResponse: Sendable {
    public let status: Int
    public let body: ByteBuffer
    /// Why it is no success, for the log.
    public let failure: AWSFailure?
    /// Who asked, once that is known, for the log.
    public let subject: String?

    public static let contentType = "application/x-amz-json-1.1"
}
