package import NIOCore

/// A request as received, before it is authenticated.
package struct AWSRequest: Sendable {
    package let method: String
    /// The path as received, still percent-encoded.
    package let path: String
    /// The text after the question mark; empty if there is none.
    package let query: String
    /// The headers in the order received, names in any case; `host` is among them.
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]
    /// The IP address of the client; nil if it is unknown.
    package let source: String?
    package let requestID: String
    /// True if a failed authentication is written to the audit log. False for an address with so many failures that they would fill the
    /// log.
    package var isRecorded = true

    package init(
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

    /// Returns the value of a header that occurs once; nil otherwise.
    func header(_ name: String) -> String? {
        let values = headers.filter { $0.name.lowercased() == name }
        return values.count == 1 ? values[0].value : nil
    }
}

/// The answer to a request.
package struct AWSResponse: Sendable {
    package let status: Int
    package let body: ByteBuffer
    /// The failure, for the log; nil for a success.
    package let failure: AWSFailure?
    /// The authenticated subject, for the log; nil if there is none.
    package let subject: String?

    package static let contentType = "application/x-amz-json-1.1"
}
