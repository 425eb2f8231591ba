import HTTPTypes
package import Hummingbird
package import JSONText
package import KeyManagement
package import NIOCore

/// The shape of a request's body.
package protocol RequestBodyShape: Sendable {
    init(_ reader: inout JSONReader) throws(KMSError)
}

/// Reads the body of a request, never more than `limit` bytes of it.
package struct BodyReader: Sendable {
    package let limit: Int

    package init(limit: Int) {
        self.limit = limit
    }

    /// The maximum length of a body that is read on the caller's thread, in bytes. Longer ones, such as batches with megabytes of JSON, are read on
    /// ``ComputeThreads``.
    private static let maxInlineBytes = 16 * 1024

    /// Reads a body of a certain shape; returns nil if the request has none.
    package func read<Body: RequestBodyShape>(_ shape: Body.Type, of request: Request) async throws -> Body? {
        let received = try await receive(request)
        guard let count = received.buffer?.readableBytes, count > Self.maxInlineBytes else {
            return try received.read(shape)
        }
        return try await ComputeThreads.shared.run {
            Result { () throws(KMSError) in try received.read(shape) }
        }.get()
    }

    /// Receives the body without reading it, for callers that also need its bytes.
    package func receive(_ request: Request) async throws -> ReceivedBody {
        let buffer = try await collect(request)
        if buffer != nil, !ContentType.isJSON(request.headers) { throw APIError.unsupportedMediaType }
        return ReceivedBody(buffer: buffer)
    }

    /// Returns the bytes of a body of any type; empty if there is none.
    package func bytes(of request: Request) async throws -> [UInt8] {
        try await collect(request).map { Array($0.readableBytesView) } ?? []
    }

    private func collect(_ request: Request) async throws -> ByteBuffer? {
        let announced = request.headers[.contentLength].flatMap { Int($0) }
        if let announced, announced > limit { throw APIError.payloadTooLarge(limit: limit) }
        var body: ByteBuffer?
        do {
            for try await var part in request.body {
                guard (body?.readableBytes ?? 0) + part.readableBytes <= limit else {
                    throw APIError.payloadTooLarge(limit: limit)
                }
                // A body in one piece, as most are, is not copied.
                if body == nil { body = part } else { body?.writeBuffer(&part) }
            }
        } catch let error as APIError {
            throw error
        } catch {
            throw KMSError.invalidRequest("the body did not arrive whole")
        }
        // Hummingbird takes the end of the connection for the end of the body.
        if let announced, announced != body?.readableBytes ?? 0 {
            throw KMSError.invalidRequest("the body did not arrive whole")
        }
        guard let body, body.readableBytes > 0 else { return nil }
        return body
    }
}

/// A body that has arrived whole.
package struct ReceivedBody: Sendable {
    /// The bytes; nil if there was no body.
    package let buffer: ByteBuffer?

    /// Reads the body; returns nil if there was none.
    package func read<Body: RequestBodyShape>(_ shape: Body.Type) throws(KMSError) -> Body? {
        guard let buffer else { return nil }
        return try JSONReader.read(buffer) { (reader) throws(KMSError) in try Body(&reader) }
    }
}
