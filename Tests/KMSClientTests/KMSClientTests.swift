import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import SecretMemory
import Testing

@testable import KMSClient

/// The client, against a server that answers with the request it received.
@Suite(.timeLimit(.minutes(1))) struct KMSClientTests {
    private struct Echo: Codable, Sendable {
        let method: String
        let path: String
        let headers: [String: String]
        let body: String
    }

    /// Starts a server and passes a client to `body`. Paths other than those of the API answer with the path's text.
    private func withServer(_ body: @escaping @Sendable (KMSClient) async throws -> Void) async throws {
        let router = Router()
        for method in [HTTPRequest.Method.get, .post, .put, .patch, .delete] {
            router.on("**", method: method) { request, context in
                let content = try await request.body.collect(upTo: 1 << 20)
                return try Self.answer(to: request, String(buffer: content))
            }
        }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await application.test(.live) { server in
            let address = try ServiceAddress("http://127.0.0.1:\(server.port ?? 0)")
            var configuration = KMSClient.Configuration(
                address: address, credential: try ClientCredential(token: "abc"), project: "shop")
            configuration.timeout = .seconds(10)
            try await KMSClient.withClient(configuration) { client in try await body(client) }
        }
    }

    private static func answer(to request: Request, _ body: String) throws -> Response {
        let path = request.uri.string
        switch path {
        case "/page": return Response(status: .ok, body: .init(byteBuffer: .init(string: "<html></html>")))
        case "/elsewhere":
            return Response(status: .found, headers: [.location: "/echo"])
        case "/refused":
            let json = #"{"code":"KEY_NOT_FOUND","message":"no key","requestId":"7"}"#
            return Response(status: .notFound, body: .init(byteBuffer: .init(string: json)))
        default:
            let headers = ["X-Auth-Token", "X-Project", "X-Approval", "Idempotency-Key", "Content-Type"]
                .compactMap { name in HTTPField.Name(name).flatMap { request.headers[$0] }.map { (name, $0) } }
            let text = headers.map { "\"\($0.0)\":\"\($0.1)\"" }.joined(separator: ",")
            let quoted = body.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            let json = """
                {"code":"OK","message":"","requestId":"7","data":{"method":"\(request.method.rawValue)","path":"\(path)",\
                "headers":{\(text)},"body":"\(quoted)"}}
                """
            return Response(status: .ok, body: .init(byteBuffer: .init(string: json)))
        }
    }

    @Test func `a request has its method, path, body and headers`() async throws {
        try await withServer { client in
            let request = KMSRequest<Echo>(.put, "/api/v1/x?y=z", ["a": "b\"c"], idempotencyKey: "once")
            let echo = try await client.approved(by: "11").send(request)
            #expect(echo.method == "PUT" && echo.path == "/api/v1/x?y=z")
            #expect(echo.body == #"{"a":"b\"c"}"#)
            #expect(
                echo.headers == [
                    "X-Auth-Token": "abc", "X-Project": "shop", "X-Approval": "11", "Idempotency-Key": "once",
                    "Content-Type": "application/json",
                ])
        }
    }

    @Test func `a request without a body has no content type, and a client of no project names none`() async throws {
        try await withServer { client in
            let echo = try await client.inProject(nil).send(KMSRequest<Echo>(.get, "/a"))
            #expect(echo.headers == ["X-Auth-Token": "abc"] && echo.body.isEmpty)
        }
    }

    @Test func `a refusal has the code, the message, the request and the status`() async throws {
        try await withServer { client in
            do {
                _ = try await client.send(KMSRequest<Echo>(.get, "/refused"))
                Issue.record("no error")
            } catch KMSClientError.refused(let refusal) {
                #expect(refusal.code == .keyNotFound && refusal.message == "no key")
                #expect(refusal.requestID == "7" && refusal.status == 404)
            }
        }
    }

    @Test(arguments: ["/page", "/elsewhere"]) func `what is not a KMS is told, and no redirect is followed`(
        _ path: String
    ) async throws {
        try await withServer { client in
            do {
                _ = try await client.send(KMSRequest<Echo>(.get, path))
                Issue.record("no error")
            } catch KMSClientError.notAKMS(_, let status) {
                #expect(status == (path == "/page" ? 200 : 302))
            }
        }
    }

    @Test func `a plaintext is sent as base64, and an empty context is left out`() async throws {
        try await withServer { client in
            let secret = SecretBytes(copying: "secret".utf8)
            let bare = KMSRequest<EncryptAnswer>.encrypt(secret, with: "a b")
            #expect(try await echo(bare, by: client).body == #"{"plaintext":"c2VjcmV0"}"#)
            let bound = KMSRequest<EncryptAnswer>.encrypt(secret, with: "a b", context: ["b": "2", "a": "1"])
            let echo = try await echo(bound, by: client)
            #expect(echo.body == #"{"plaintext":"c2VjcmV0","context":{"a":"1","b":"2"}}"#)
            #expect(echo.path == "/api/v1/keys/a%20b/encrypt" && echo.method == "POST")
        }
    }

    /// Sends the request of another answer type, and returns what the server received.
    private func echo<Answer>(_ request: KMSRequest<Answer>, by client: KMSClient) async throws -> Echo {
        try await client.send(KMSRequest<Echo>(.post, request.path, body: request.body))
    }

    @Test func `an address where nothing listens is unreachable`() async throws {
        let configuration = KMSClient.Configuration(address: try ServiceAddress("http://127.0.0.1:1"))
        try await KMSClient.withClient(configuration) { client in
            do {
                _ = try await client.describeKey("a")
                Issue.record("no error")
            } catch KMSClientError.unreachable(let address, _) {
                #expect(address.base == "http://127.0.0.1:1")
            }
        }
    }
}
