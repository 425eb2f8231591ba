package import HTTPTypes
package import Hummingbird
package import JSONText
import KeyManagement
internal import NIOCore

/// The form of every answer: `{"code": "SUCCESS", "message": "…", "data": {…}, "requestId": "…"}`. A failure has no `data`, and a code of
/// its own.
package enum Envelope {
    /// The code of every success.
    package static let success = "SUCCESS"

    /// Returns a successful answer.
    ///
    /// - Parameter size: the approximate length of the data. Data with a secret should not exceed it.
    package static func success(
        _ message: StaticString, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:], requestID: String,
        size: Int = 512, data: (inout JSONWriter) -> Void
    ) -> Response {
        var writer = JSONWriter(capacity: size + 256)
        writer.object { envelope in
            envelope.field("code", success)
            envelope.field("message", message)
            envelope.object("data", data)
            envelope.field("requestId", requestID)
        }
        return response(writer.finish(), status: status, headers: headers, requestID: requestID)
    }

    /// Returns a successful answer whose data is already written.
    package static func success(
        _ message: StaticString, status: HTTPResponse.Status, headers: HTTPFields, requestID: String, json: [UInt8]
    ) -> Response {
        var writer = JSONWriter(capacity: json.count + 256)
        writer.object { envelope in
            envelope.field("code", success)
            envelope.field("message", message)
            envelope.field("data", json: json)
            envelope.field("requestId", requestID)
        }
        return response(writer.finish(), status: status, headers: headers, requestID: requestID)
    }

    static func failure(_ error: APIError, requestID: String) -> Response {
        response(
            body(of: error, requestID: requestID), status: error.status, headers: error.headers, requestID: requestID)
    }

    static func body(of error: APIError, requestID: String) -> ByteBuffer {
        var writer = JSONWriter(capacity: 512)
        writer.object { envelope in
            envelope.field("code", error.code.rawValue)
            envelope.field("message", error.message)
            envelope.field("requestId", requestID)
        }
        return writer.finish()
    }

    /// Returns the headers of every answer. They forbid storing it and guessing its type.
    package static func headers(requestID: String) -> HTTPFields {
        var headers = common
        headers.append(HTTPField(name: .xRequestID, value: requestID))
        return headers
    }

    private static let common: HTTPFields = [
        .contentType: "application/json", .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
    ]

    private static func response(
        _ body: ByteBuffer, status: HTTPResponse.Status, headers: HTTPFields, requestID: String
    ) -> Response {
        var all = Self.headers(requestID: requestID)
        for field in headers { all.append(field) }
        return Response(status: status, headers: all, body: ResponseBody(byteBuffer: body))
    }
}
