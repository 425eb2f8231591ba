import HTTPTypes
import KMSTesting
import KeyManagement
import Testing

@Suite struct RefusalTests {
    @Test func `a path that does not exist is not found, with the envelope`() async throws {
        try await Fixture().run { client in
            for path in [
                "/", "/api", "/api/v2/keys", "/api/v1/nothing", "/api/v1/keys/orders/nothing", "/healthz/x",
                "/api/v1/keys/orders/versions/1/x", "//",
            ] {
                let answer = try await client.send(.get, path)
                #expect(answer.status == 404)
                #expect(try answer.code == "NOT_FOUND")
                #expect(try answer.json["requestId"] as? String == answer.headers[.requestID])
            }
        }
    }

    @Test func `a method that a path does not take is refused with those that it takes`() async throws {
        try await Fixture().run { client in
            for (method, path, allow) in [
                (HTTPRequest.Method.delete, "/api/v1/keys", "GET, HEAD, POST"),
                (.put, "/api/v1/keys/x", "DELETE, GET, HEAD, PATCH"),
                (.get, "/api/v1/keys/x/rotate", "POST"), (.get, "/api/v1/decrypt", "POST"),
                (.options, "/api/v1/keys/x/encrypt", "POST"), (.post, "/healthz", "GET, HEAD"),
                (.head, "/api/v1/decrypt", "POST"),
            ] {
                let answer = try await client.send(method, path)
                #expect(answer.status == 405)
                #expect(answer.headers[.allow] == allow)
                if method != .head { #expect(try answer.code == "METHOD_NOT_ALLOWED") }
            }
        }
    }

    @Test(arguments: [
        "%2F..", "a%2F.", "..", "%2e%2e", ".", "a%00b", "%00", "%", "%4", "%zz", "%ff", "%C3%A4", "a%20b", "a%0ab",
        String(repeating: "a", count: 251), String(repeating: "%61", count: 300), "-a.", "_a.b", "a;b", "a%25b",
    ])
    func `a name in a path that cannot be one is refused, and nothing falls over`(name: String) async throws {
        try await Fixture().run { client in
            for path in ["/api/v1/keys/\(name)", "/api/v1/keys/\(name)/versions"] {
                let answer = try await client.send(.get, path)
                #expect(answer.status == 400)
                #expect(try answer.code == "INVALID_REQUEST")
            }
        }
    }

    @Test(arguments: [
        #"{"name": ""}"#, #"{"name": "\#(String(repeating: "n", count: 300))"}"#, #"{"name": "a b"}"#,
        #"{"name": "a\u0000"}"#, #"{"name": "a\n"}"#, #"{"name": "../a"}"#,
        #"{"name": "00000000-0000-4000-8000-000000000000"}"#, #"{"name": "a", "description": "a\u001b[2J"}"#,
        #"{"name": "a", "description": "\#(String(repeating: "d", count: 1025))"}"#,
    ])
    func `a name or description that cannot be one is refused`(body: String) async throws {
        try await Fixture().run { client in
            let answer = try await client.send(.post, "/api/v1/keys", body)
            #expect(answer.status == 400)
            #expect(try answer.code == "INVALID_REQUEST")
        }
    }

    @Test func `an algorithm that is not known, or that the token cannot do, is not supported`() async throws {
        try await Fixture().run { client in
            let unknown = try await client.send(.post, "/api/v1/keys", #"{"name": "a", "algorithm": "ROT13"}"#)
            #expect(unknown.status == 400)
            #expect(try unknown.code == "UNSUPPORTED")
        }
        try await Fixture(algorithms: [.aes256GCM96]).run { client in
            let refused = try await client.send(
                .post, "/api/v1/keys", #"{"name": "a", "algorithm": "HMAC-SHA256"}"#)
            #expect(refused.status == 400)
            #expect(try refused.code == "UNSUPPORTED")
        }
    }

    @Test(arguments: [
        ("", "needs a body"), ("{", "it ends where the name of a field is expected"),
        (#"{"name"}"#, "malformed JSON at byte 7: ':' is expected"),
        (#"{"name": "a",}"#, "malformed JSON at byte 13"),
        (#"{"name": "a"} x"#, "malformed JSON at byte 14: nothing more"),
        (#"{"name": 'a'}"#, "malformed JSON at byte 9"),
        (#"{"name": "a"#, "it ends where the end of a string"), (#"{name: "a"}"#, "malformed JSON at byte 1"),
        ("[]", "the body is not an object"), ("null", "the body is not an object"),
        ("3", "the body is not an object"),
        (#""text""#, "the body is not an object"), ("nonsense", "the body is not an object"),
        ("<a/>", "malformed JSON at byte 0"),
        (
            #"{"name": "a", "owner": "b"}"#,
            "unknown field 'owner'; known are name, description, tags, algorithm, usage, origin, rotationDays, preActivation, dryRun"
        ),
        (#"{"name": "a", "\u0000": 1}"#, "unknown field (a name of 1 bytes)"),
        (#"{"name": "a", "name": "b"}"#, "the field name comes twice"), (#"{"name": 1}"#, "name is not a string"),
        (#"{"name": null}"#, "name is not a string"), (#"{"name": {"a": 1}}"#, "name is not a string"),
        (#"{"name": "a", "preActivation": "yes"}"#, "preActivation is not true or false"),
        (#"{"name": "a", "preActivation": 1}"#, "preActivation is not true or false"),
        (#"{"name": "a", "preActivation": truex}"#, "malformed JSON"),
        (#"{"name": "\x"}"#, "not an escape of JSON"),
        (#"{"name": "\ud800"}"#, "not an escape of JSON"), (#"{"name": "\udc00\ud800"}"#, "not an escape of JSON"),
        (#"{"name": "\u12"}"#, "not an escape of JSON"), ("{\"name\": \"a\nb\"}", "no control character"),
        ("\u{FEFF}{}", "malformed JSON at byte 0"),
    ])
    func `a body that is not what the route takes is refused, and told why`(body: String, message: String) async throws
    {
        try await Fixture().run { client in
            let answer = try await client.send(.post, "/api/v1/keys", body)
            #expect(answer.status == 400)
            #expect(try answer.code == "INVALID_REQUEST")
            #expect(try answer.message.contains(message))
        }
    }

    @Test func `a body that is not UTF-8 is refused`() async throws {
        try await Fixture().run { client in
            for bytes: [UInt8] in [[0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80]] {
                let answer = try await client.send(
                    .post, "/api/v1/keys", headers: [.contentType: "application/json"],
                    data: Array(#"{"name": ""#.utf8) + bytes + Array(#""}"#.utf8))
                #expect(answer.status == 400)
                #expect(try answer.message == "name is not UTF-8")
            }
        }
    }

    @Test(arguments: [
        (#"{"a": 1}"#, "context.'a' is not a string"), (#"[]"#, "context is not an object"),
        (#"{"a": {"b": "c"}}"#, "context.'a' is not a string"),
        (#"{"a": "1", "a": "2"}"#, "context.'a' comes twice"),
        (#"{"": "1"}"#, "empty name"), (#"{"a\u0001": 1}"#, "context.(a name of 2 bytes) is not a string"),
        (#"{"a": "\#(String(repeating: "x", count: 9000))"}"#, "longer than 8192 bytes"),
        (#"{"é": "1", "é": "2"}"#, "comes twice"),
    ])
    func `an encryption context of another shape is refused by path`(context: String, message: String) async throws {
        try await Fixture().run { client in
            try await client.createKey()
            let answer = try await client.send(
                .post, "/api/v1/keys/orders/data-key", as: .user, #"{"context": \#(context)}"#)
            #expect(answer.status == 400)
            #expect(try answer.message.contains(message))
        }
    }

    @Test(arguments: [
        "text/plain", "application/x-www-form-urlencoded", "application/jsonx", "application/json; charset=latin1",
        "",
        "application/json; a=b", "application/json, text/plain",
    ])
    func `a body that does not say it is JSON is refused`(type: String) async throws {
        try await Fixture().run { client in
            let answer = try await client.send(
                .post, "/api/v1/keys", headers: [.contentType: type], data: Array(#"{"name": "a"}"#.utf8))
            #expect(answer.status == 415)
            #expect(try answer.code == "UNSUPPORTED_MEDIA_TYPE")
        }
    }

    @Test func `a body without a type, or with two, is refused; without a body the type does not matter`() async throws
    {
        try await Fixture().run { client in
            let body = Array(#"{"name": "a"}"#.utf8)
            #expect(try await client.send(.post, "/api/v1/keys", data: body).status == 415)
            var two = HTTPFields()
            two.append(HTTPField(name: .contentType, value: "application/json"))
            two.append(HTTPField(name: .contentType, value: "application/json"))
            #expect(try await client.send(.post, "/api/v1/keys", headers: two, data: body).status == 415)
            try await client.createKey()
            for type in ["text/plain", "application/x-www-form-urlencoded"] {
                let answer = try await client.send(
                    .post, "/api/v1/keys/orders/data-key", as: .user, headers: [.contentType: type])
                #expect(answer.status == 200)
            }
        }
    }

    @Test(arguments: [
        "application/json", "Application/JSON", "application/json;charset=utf-8",
        "application/json; charset=\"UTF-8\"",
        "application/json ;charset=UTF-8 ;",
    ])
    func `JSON in UTF-8 is taken however its type is written`(type: String) async throws {
        try await Fixture().run { client in
            let answer = try await client.send(
                .post, "/api/v1/keys", headers: [.contentType: type], data: Array(#"{"name": "a"}"#.utf8))
            #expect(answer.status == 201)
        }
    }

    @Test func `a body of 64 KiB is read, one of a byte more is refused`() async throws {
        try await Fixture().run { client in
            let largest = #"{"name": "a"}"# + String(repeating: " ", count: 64 * 1024 - 13)
            #expect(try await client.send(.post, "/api/v1/keys", largest).status == 201)
            let answer = try await client.send(.post, "/api/v1/keys", largest + " ")
            #expect(answer.status == 413)
            #expect(try answer.code == "PAYLOAD_TOO_LARGE")
            #expect(try answer.message.contains("65536 bytes"))
        }
    }
}
