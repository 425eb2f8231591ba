import HTTPServing
import HTTPTypes
import Hummingbird
import KMSAPI
import KMSTesting
import KeyManagement
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import Testing

/// The behaviour that only a server on a socket has.
@Suite(.timeLimit(.minutes(1))) struct ConnectionTests {
    @Test func `the routes work over a socket, one connection for all of them`() async throws {
        try await Fixture().runLive { client in
            try await client.createKey()
            for _ in 0..<3 {
                let issued = try await client.send(.post, "/api/v1/keys/orders/data-key", as: .user)
                #expect(try issued.bytes("plaintext").count == 32)
            }
            #expect(try await client.send(.get, "/api/v1/nothing").status == 404)
            let large = String(repeating: " ", count: 100_000)
            #expect(try await client.send(.post, "/api/v1/keys", large).status == 413)
            #expect(try await client.send(.get, "/api/v1/keys").status == 200)
        }
    }

    @Test func `a client that waits for 100 Continue is told to go on`() async throws {
        let fixture = try await Fixture()
        try await fixture.serve { port in
            let body = #"{"name": "a"}"#
            let head = request(
                "POST /api/v1/keys", token: fixture.manager,
                "Content-Type: application/json", "Content-Length: \(body.utf8.count)", "Expect: 100-continue")
            let answer = try await exchange(port, [head, body])
            #expect(answer.hasPrefix("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\n"))
        }
    }

    @Test func `a client that waits with a body that is too long is not told to go on`() async throws {
        let fixture = try await Fixture()
        try await fixture.serve { port in
            let head = request(
                "POST /api/v1/keys", token: fixture.manager,
                "Content-Type: application/json", "Content-Length: 65537", "Expect: 100-continue")
            let answer = try await exchange(port, [head], until: "}")
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
        }
    }

    @Test func `a body in chunks is read, and refused when all of them are too long`() async throws {
        let fixture = try await Fixture()
        try await fixture.serve { port in
            let head = request(
                "POST /api/v1/keys", token: fixture.manager, "Content-Type: application/json",
                "Transfer-Encoding: chunked")
            let created = try await exchange(port, [head, "8\r\n{\"name\":\r\n", "4\r\n\"a\"}\r\n", "0\r\n\r\n"])
            #expect(created.hasPrefix("HTTP/1.1 201 "))
            let chunk = "4000\r\n" + String(repeating: " ", count: 0x4000) + "\r\n"
            let refused = try await exchange(port, [head] + Array(repeating: chunk, count: 5) + ["0\r\n\r\n"])
            #expect(refused.hasPrefix("HTTP/1.1 413 "))
        }
    }

    @Test func `a path or a header that is too long, and too many headers, end the connection with 431`() async throws {
        let fixture = try await Fixture()
        try await fixture.serve { port in
            let long = String(repeating: "a", count: 9000)
            let many = Array(repeating: "X-Many: many", count: 200)
            for head in [
                request("GET /api/v1/keys/\(long)", token: fixture.manager),
                request("GET /api/v1/keys", token: fixture.manager, "X-Long: \(long)"),
                request("GET /api/v1/keys", token: fixture.manager, many.joined(separator: "\r\n")),
            ] {
                let answer = try await exchange(port, [head])
                #expect(answer.hasPrefix("HTTP/1.1 431 "))
                #expect(answer.contains(#"{"code":"HEADERS_TOO_LARGE","#))
                #expect(answer.contains("Cache-Control: no-store"))
            }
        }
        // Now that the server has stopped: a line is written after its answer.
        #expect(fixture.log.requests.count { $0.metadata["code"] == "HEADERS_TOO_LARGE" } == 3)
    }

    @Test func `what is no HTTP ends the connection with 400 and the envelope`() async throws {
        let fixture = try await Fixture()
        try await fixture.serve { port in
            for text in [
                "\u{16}\u{03}\u{01}\u{02}\u{00}", "GET\r\n\r\n", "GET / HTTP/1.1\r\nno header\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            ] {
                let answer = try await exchange(port, [text])
                #expect(answer.hasPrefix("HTTP/1.1 400 "))
                #expect(answer.contains(#"{"code":"INVALID_REQUEST","#))
            }
        }
    }

    @Test func `a request that takes too long to arrive loses its connection`() async throws {
        let fixture = try await Fixture()
        var configuration = APIConfiguration()
        configuration.readTimeout = .milliseconds(100)
        try await fixture.serve(configuration) { port in
            let head = request(
                "POST /api/v1/keys", token: fixture.manager, "Content-Type: application/json", "Content-Length: 100")
            // The answer comes when the connection is closed, not before, because the body never arrives.
            let answer = try await exchange(port, [head, "{"], until: nil)
            #expect(!answer.hasPrefix("HTTP/1.1 201"), "\(answer)")
        }
    }

    @Test func `a connection that stays silent is closed`() async throws {
        let fixture = try await Fixture()
        var configuration = APIConfiguration()
        configuration.idleTimeout = .milliseconds(100)
        try await fixture.serve(configuration) { port in
            let answer = try await exchange(port, ["GET /api/v1/ke"], until: nil)
            #expect(answer.isEmpty)
        }
    }

    @Test func `a client that never reads its answers is closed`() async throws {
        let fixture = try await Fixture()
        var configuration = APIConfiguration()
        configuration.writeTimeout = .milliseconds(100)
        try await fixture.serve(configuration) { port in
            let requests = String(repeating: "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", count: 500)
            let isClosed = try await sendWithoutReading(port, requests)
            #expect(isClosed)
        }
    }

    @Test func `a client that goes away in the middle of a body it was refused leaves one line in the log`()
        async throws
    {
        let fixture = try await Fixture()
        try await fixture.serve { port in
            let head = request(
                "POST /api/v1/keys", token: fixture.manager, "Content-Type: application/json", "Content-Length: 70000")
            let answer = try await exchange(port, [head, String(repeating: " ", count: 40_000)])
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
        }
        #expect(fixture.log.requests.count == 1)
    }

    @Test func `a body that breaks off makes no key`() async throws {
        let fixture = try await Fixture()
        try await fixture.serve { port in
            let body = #"{"name": "a"}"#
            let head = request(
                "POST /api/v1/keys", token: fixture.manager, "Content-Type: application/json",
                "Content-Length: \(body.utf8.count + 1)")
            let answer = try await exchange(port, [head, body], until: nil, thenClose: true)
            #expect(!answer.hasPrefix("HTTP/1.1 201"), "\(answer)")
            let list = try await exchange(port, [request("GET /api/v1/keys", token: fixture.manager)], until: "}")
            #expect(list.contains(#""keys":[]"#))
        }
    }

    @Test func `a graceful shutdown lets a running request finish`() async throws {
        let fixture = try await Fixture(gate: Gate())
        try await fixture.serve { port, group in
            async let answer = exchange(port, [request("GET /api/v1/keys", token: fixture.manager)])
            await fixture.gate?.arrival()
            await group.triggerGracefulShutdown()
            fixture.gate?.open()
            let whole = try await answer
            #expect(whole.hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test func `a graceful shutdown does not wait for ever`() async throws {
        let fixture = try await Fixture(gate: Gate())
        var configuration = APIConfiguration()
        configuration.drainTimeout = .milliseconds(100)
        // Returns although the gate is never opened, because the request is cancelled.
        try await fixture.serve(configuration) { port, group in
            async let answer = exchange(port, [request("GET /api/v1/keys", token: fixture.manager)], until: nil)
            await fixture.gate?.arrival()
            await group.triggerGracefulShutdown()
            _ = try? await answer
        }
        #expect(fixture.log.text.contains("still running"))
    }
}
