import HTTPTypes
import Hummingbird

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
            envelope.field("message", message.description)
            envelope.object("data", data)
            envelope.field("requestId", requestID)
        }
        return response(writer, status: status, headers: headers)
    }

    static func failure(_ error: APIError, requestID: String) -> Response {
        var writer = JSONWriter(capacity: 512)
        writer.object { envelope in
            envelope.field("code", error.code)
            envelope.field("message", error.message)
            envelope.field("requestId", requestID)
        }
        return response(writer, status: error.status, headers: error.headers)
    }

    private static func response(_ writer: JSONWriter, status: HTTPResponse.Status, headers: HTTPFields) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: writer.buffer))
    }
}
