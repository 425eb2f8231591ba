import Encodings
package import HTTPServing
import HTTPTypes
package import Hummingbird
package import KeyManagement

/// The API of AWS KMS, at the root of the port. It has its own authentication, by signatures, and its own form of answers.
package struct AWSDoor: Door {
    private let service: KeyService

    package init(service: KeyService) {
        self.service = service
    }

    package func add(to router: Router<APIContext>, on listener: Listener) {
        let routes = AWSRoutes(
            api: AWSAPI(service: service), body: BodyReader(limit: listener.configuration.maxBodyBytes),
            failures: listener.failures)
        router.post("/", use: routes.answer)
    }
}

private struct AWSRoutes: Sendable {
    let api: AWSAPI
    let body: BodyReader
    let failures: FailedAttempts

    /// The names of failures that mean that the caller was not authenticated.
    private static let refusals: Set<String> = [
        "MissingAuthenticationTokenException", "IncompleteSignatureException", "InvalidSignatureException",
        "UnrecognizedClientException",
    ]

    @Sendable func answer(_ request: Request, _ context: APIContext) async throws -> Response {
        let bytes: [UInt8]
        do {
            bytes = try await body.bytes(of: request)
        } catch APIError.payloadTooLarge(let limit) {
            return Self.response(AWSAPI.tooLarge(limit: limit), requestID: context.requestID)
        }
        let wait = failures.wait(at: context.place)
        var asked = AWSRequest(
            method: request.method.rawValue, path: Self.path(of: request), query: request.uri.query ?? "",
            headers: Self.headers(of: request), body: bytes, source: context.source,
            requestID: context.requestID)
        asked.isRecorded = wait == nil
        var response = await api.respond(to: asked)
        if let failure = response.failure, Self.refusals.contains(failure.name) {
            // As in the native API, an authenticated caller is served even from a throttled address.
            if wait == nil { failures.note(at: context.place) } else { response = AWSAPI.throttled }
        }
        context.notes.subject = response.subject.flatMap { try? SubjectID($0) }
        context.notes.code = response.failure?.name
        return Self.response(response, requestID: context.requestID)
    }

    private static func path(of request: Request) -> String {
        let target = request.head.path ?? "/"
        return target.firstIndex(of: "?").map { String(target[..<$0]) } ?? target
    }

    /// Returns the headers as received, with `Host`, which the server has removed from them.
    private static func headers(of request: Request) -> [(name: String, value: String)] {
        var headers = request.headers.map { (name: $0.name.canonicalName, value: $0.value) }
        if let host = request.head.authority { headers.append((name: "host", value: host)) }
        return headers
    }

    /// Returns the id of a request as AWS writes it, a UUID: the service's ids have the same 32 digits. An id that the client chose is
    /// kept.
    private static func uuid(_ requestID: String) -> String {
        guard requestID.utf8.count == 32, Hexadecimal.bytes(requestID) != nil else { return requestID }
        return String(unsafeUninitializedCapacity: 36) { buffer in
            var place = 0
            for (index, digit) in requestID.utf8.enumerated() {
                if [8, 12, 16, 20].contains(index) {
                    buffer[place] = UInt8(ascii: "-")
                    place += 1
                }
                buffer[place] = digit
                place += 1
            }
            return place
        }
    }

    private static func response(_ answer: AWSResponse, requestID: String) -> Response {
        let headers: HTTPFields = [
            .contentType: AWSResponse.contentType, .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
            .xAmznRequestID: uuid(requestID),
        ]
        return Response(
            status: HTTPResponse.Status(code: answer.status), headers: headers,
            body: ResponseBody(byteBuffer: answer.body))
    }
}

extension HTTPField.Name {
    // A constant of letters and hyphens is always a name.
    fileprivate static let xAmznRequestID = HTTPField.Name("x-amzn-RequestId")!
}
