import HTTPTypes
import KMSTesting
import KeyManagement
import Logging
import Testing

@Suite struct RequestLogTests {
    @Test func `a request leaves one line: route, status, code, subject, time and id`() async throws {
        let fixture = try await Fixture()
        try await fixture.run { client in
            _ = try await client.send(.get, "/api/v1/keys/orders", as: .viewer, headers: [.requestID: "r-1"])
            let lines = fixture.log.requests
            #expect(lines.count == 1)
            let metadata = try #require(lines.first?.metadata)
            #expect(metadata["method"] == "GET")
            #expect(metadata["route"] == "/api/v1/keys/{key}")
            #expect(metadata["status"] == "404")
            #expect(metadata["code"] == "KEY_NOT_FOUND")
            #expect(metadata["subject"] == "vera")
            #expect(metadata["request"] == "r-1")
            #expect(try #require(metadata["duration_ms"]).wholeMatch(of: /\d+\.\d{3}/) != nil)
            #expect(lines.first?.level == .info)
        }
    }

    @Test func `a request that nobody signed leaves a line without a subject, and without its path`() async throws {
        let fixture = try await Fixture()
        try await fixture.run { client in
            _ = try await client.send(.get, "/x%0aforged-line", as: .nobody)
            let line = try #require(fixture.log.requests.last)
            #expect(line.metadata["subject"] == nil)
            #expect(line.metadata["status"] == "401")
            #expect(!fixture.log.text.contains("forged"))
        }
    }

    @Test func `probes that succeed are told at debug level only`() async throws {
        let fixture = try await Fixture()
        try await fixture.run { client in
            _ = try await client.send(.get, "/healthz", as: .nobody)
            #expect(fixture.log.requests.last?.level == .debug)
        }
    }

    @Test func `plaintexts, contexts, ciphertexts and credentials are never in the log, at any level`() async throws {
        let fixture = try await Fixture()
        try await fixture.runLive { client in
            try await client.createKey()
            let plaintext = base64("the plaintext of this test")
            let encrypted = try await client.send(
                .post, "/api/v1/keys/orders/encrypt", as: .user,
                #"{"plaintext": "\#(plaintext)", "context": {"ctx-name": "ctx-value"}}"#)
            let ciphertext: String = try encrypted.data("ciphertext")
            _ = try await client.send(
                .post, "/api/v1/decrypt", as: .user,
                #"{"ciphertext": "\#(ciphertext)", "context": {"ctx-name": "ctx-value"}}"#)
            let dataKey = try await client.send(.post, "/api/v1/keys/orders/data-key", as: .user)
            // Failures, expected and not.
            _ = try await client.send(.post, "/api/v1/decrypt", as: .user, #"{"ciphertext": "\#(ciphertext)"}"#)
            _ = try await client.send(
                .post, "/api/v1/keys/orders/encrypt", as: .user, #"{"plaintext": "\#(plaintext)x"}"#)
            fixture.token.fail(with: .failed("C_Decrypt: 0x6"), times: 1)
            _ = try await client.send(.post, "/api/v1/decrypt", as: .user, #"{"ciphertext": "\#(ciphertext)"}"#)
            _ = try await client.send(.get, "/api/v1/keys", as: .nobody, headers: [.authToken: "kms_presented-in-vain"])

            let log = fixture.log.text
            #expect(log.contains("C_Decrypt: 0x6"))
            for secret in [
                plaintext, "the plaintext of this test", "ctx-name", "ctx-value", ciphertext,
                try dataKey.data("plaintext"), try dataKey.data("ciphertext"), fixture.manager, fixture.user,
                "presented-in-vain",
            ] {
                #expect(!log.contains(secret))
            }
        }
    }

    @Test func `an acceptable id of the client's is taken and given back, in the header and in the envelope`()
        async throws
    {
        try await Fixture().run { client in
            for id in ["a", "Trace_1-2", String(repeating: "x", count: 64)] {
                let answer = try await client.send(.get, "/api/v1/keys", headers: [.requestID: id])
                #expect(answer.headers[.requestID] == id)
                #expect(try answer.json["requestId"] as? String == id)
            }
        }
    }

    @Test(arguments: ["", "a b", "a\u{1b}[2J", "ä", "a.b", String(repeating: "x", count: 65), "{}"])
    func `another id is replaced by 32 hexadecimal digits`(id: String) async throws {
        let fixture = try await Fixture()
        try await fixture.run { client in
            let answer = try await client.send(.get, "/api/v1/keys", headers: [.requestID: id])
            let given = try #require(answer.headers[.requestID])
            #expect(given.wholeMatch(of: /[0-9a-f]{32}/) != nil)
            #expect(fixture.log.requests.last?.metadata["request"] == given)
            let again = try await client.send(.get, "/api/v1/keys")
            #expect(again.headers[.requestID] != given)
        }
    }

    @Test func `every answer forbids to store it and to guess its type`() async throws {
        try await Fixture().run { client in
            try await client.createKey()
            for answer in [
                try await client.send(.get, "/healthz", as: .nobody), try await client.send(.get, "/api/v1/keys"),
                try await client.send(.get, "/nothing"), try await client.send(.get, "/api/v1/keys", as: .nobody),
                try await client.send(.post, "/api/v1/keys/orders/data-key"),
                try await client.send(.post, "/api/v1/keys", "{"),
            ] {
                #expect(answer.headers[.cacheControl] == "no-store")
                #expect(answer.headers[.contentTypeOptions] == "nosniff")
                #expect(answer.headers[.contentType] == "application/json")
                #expect(answer.headers[.server] == nil)
            }
        }
    }

    @Test func `HEAD is answered as GET is, without the body`() async throws {
        try await Fixture().runLive { client in
            let get = try await client.send(.get, "/api/v1/keys", headers: [.requestID: "same"])
            for _ in 0..<2 {
                let head = try await client.send(.head, "/api/v1/keys", headers: [.requestID: "same"])
                #expect(head.status == 200)
                #expect(head.text.isEmpty)
                #expect(head.headers[.contentLength] == get.headers[.contentLength])
            }
            let missing = try await client.send(.head, "/nothing")
            #expect(missing.status == 404)
            #expect(missing.text.isEmpty)
            #expect(try await client.send(.get, "/api/v1/keys").status == 200)
        }
    }
}
