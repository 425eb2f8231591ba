import HTTPTypes
import Hummingbird
import JSONText
import KeyManagement
import NIOCore

/// What every answer looks like:
/// `{"code": "SUCCESS", "message": "…", "data": {…}, "requestId": "…"}`; a failure has no `data`, and its own code.
enum Envelope {
    /// The code of every success.
    static let success = "SUCCESS"

    /// - Parameter size: how long the data may become, roughly; what holds a secret should not be longer.
    static func success(
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

    /// An answer whose data was written before.
    static func success(
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

    /// What stands in the headers of every answer: nobody shall store it, or guess what it is.
    static func headers(requestID: String) -> HTTPFields {
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
