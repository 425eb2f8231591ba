import Foundation
import HTTPTypes
import KMSTesting
import KeyManagement
import NIOHTTP1
import Testing

@testable import HTTPServing
@testable import KMSAPI

@Suite
struct DuplicateMemberTests {
    /// The paths of the API, and the body for each.
    static let places: [(path: String, json: String)] = [
        ("/api/v1/keys", #"{"name": "a", "name": "b"}"#),
        ("/api/v1/keys", #"{"name": "a", "n\u0061me": "b"}"#),
        ("/api/v1/keys", #"{"name": "a", "tags": {"x": "1", "x": "2"}}"#),
        ("/api/v1/keys", #"{"name": "a", "tags": {"x": "1", "\u0078": "2"}}"#),
        ("/api/v1/keys/orders/encrypt", #"{"plaintext": "AA==", "context": {"x": "1", "x": "1"}}"#),
        ("/api/v1/keys/orders/encrypt", #"{"plaintext": "AA==", "context": {"x": "1"}, "context": {}}"#),
        ("/api/v1/keys/orders/data-key", #"{"context": {"x": "1", "x": "2"}}"#),
        ("/api/v1/keys/orders/data-key", #"{"bytes": 16, "bytes": 32}"#),
        ("/api/v1/keys/orders/re-encrypt", #"{"ciphertext": "AA==", "sourceContext": {"x": "1", "x": "2"}}"#),
        ("/api/v1/decrypt", #"{"ciphertext": "AA==", "context": {"x": "1", "x": "2"}}"#),
        ("/api/v1/keys/orders/grants", #"{"grantee": "*", "actions": ["decrypt"], "actions": ["encrypt"]}"#),
        (
            "/api/v1/keys/orders/grants",
            #"{"grantee": "*", "actions": ["decrypt"], "context": {"x": "1", "x": "2"}}"#
        ),
        ("/api/v1/keys/orders/batch/encrypt", #"{"items": [{"plaintext": "AA==", "plaintext": "AQ=="}]}"#),
        (
            "/api/v1/keys/orders/batch/encrypt",
            #"{"items": [{"plaintext": "AA==", "context": {"x": "1", "x": "2"}}]}"#
        ),
    ]

    @Test(arguments: places.indices) func `are refused, by their bytes`(_ place: Int) async throws {
        let (path, json) = Self.places[place]
        try await Fixture().run { client in
            try await client.createKey()
            let answer = try await client.send(.post, path, json)
            #expect(answer.status == 400, "\(answer.text)")
            #expect(try answer.message.contains("twice"), "\(answer.text)")
        }
    }

    @Test func `are refused in the query, too; what only String calls a parameter's name is none`() async throws {
        try await Fixture().run { client in
            try await client.createKey()
            for query in ["tag=a&tag=b", "limit=1&l%69mit=2", "%E2%84%AAey=orders"] {
                #expect(try await client.send(.get, "/api/v1/aliases?" + query).status == 400, "\(query)")
                #expect(try await client.send(.get, "/api/v1/keys?" + query).status == 400, "\(query)")
            }
        }
    }
}

@Suite
struct ExactTextRouteTests {
    private static let composed = "caf\u{E9}"
    private static let decomposed = "cafe\u{301}"

    private static func has(_ text: String, _ part: String) -> Bool {
        Data(text.utf8).firstRange(of: Data(part.utf8)) != nil
    }

    @Test func `two spellings of a name are two pairs of a context, on every route that takes one`() async throws {
        try await Fixture().run { client in
            try await client.createKey()
            let both = #""context": {"\#(Self.composed)": "1", "\#(Self.decomposed)": "2"}"#
            let others = [
                #""context": {"\#(Self.composed)": "1"}"#, #""context": {"\#(Self.decomposed)": "2"}"#,
                #""context": {"\#(Self.composed)": "2", "\#(Self.decomposed)": "1"}"#,
            ]
            for (path, body) in [
                ("encrypt", #"{"plaintext": "AA==", "#), ("data-key", "{"),
                ("data-key-pair", #"{"algorithm": "EC-P256", "#),
            ] {
                let made = try await client.send(.post, "/api/v1/keys/orders/" + path, body + both + "}")
                #expect(made.status == 200, "\(made.text)")
                let ciphertext: String = try made.data("ciphertext")
                func decrypt(_ context: String) async throws -> Int {
                    try await client.send(.post, "/api/v1/decrypt", #"{"ciphertext": "\#(ciphertext)", \#(context)}"#)
                        .status
                }
                #expect(try await decrypt(both) == 200)
                for other in others { #expect(try await decrypt(other) == 400, "\(path) \(other)") }
            }
        }
    }

    @Test func `tags and the contexts of grants keep both spellings, and are shown with both`() async throws {
        try await Fixture().run { client in
            let pairs = #"{"\#(Self.composed)": "1", "\#(Self.decomposed)": "2"}"#
            let made = try await client.send(.post, "/api/v1/keys", #"{"name": "orders", "tags": \#(pairs)}"#)
            #expect(made.status == 201 && Self.has(made.text, Self.composed) && Self.has(made.text, Self.decomposed))
            let granted = try await client.send(
                .post, "/api/v1/keys/orders/grants", #"{"grantee": "*", "actions": ["decrypt"], "context": \#(pairs)}"#)
            #expect(granted.status == 201, "\(granted.text)")
            let listed = try await client.send(.get, "/api/v1/keys/orders/grants")
            #expect(Self.has(listed.text, Self.composed) && Self.has(listed.text, Self.decomposed))
        }
    }

    @Test func `a member whose name only String calls ours is unknown`() async throws {
        try await Fixture().run { client in
            try await client.createKey()
            let answer = try await client.send(.put, "/api/v1/aliases/second", "{\"\u{212A}ey\": \"orders\"}")
            #expect(answer.status == 400)
            let spec = try await client.send(
                .post, "/api/v1/keys", "{\"name\": \"a\", \"algorithm\": \"SECP256\u{212A}1\"}")
            #expect(spec.status == 400, "\(spec.text)")
        }
    }
}

@Suite
struct RequestHeadRulesTests {
    private func isAcceptable(
        _ uri: String, _ headers: [(String, String)] = [("Host", "kms.example:8700")], method: HTTPMethod = .GET,
        version: HTTPVersion = .http1_1
    ) -> Bool {
        RequestHeadRules.isAcceptable(
            HTTPRequestHead(version: version, method: method, uri: uri, headers: HTTPHeaders(headers)))
    }

    @Test func `name one host, and a target on it`() {
        for uri in [
            "/", "/api/v1/keys?limit=1", "//x/y", "http://kms.example:8700/api", "HTTP://KMS.example:8700",
            "https://kms.example:8700?a",
        ] {
            #expect(isAcceptable(uri), "\(uri)")
        }
        for uri in [
            "http://elsewhere/", "http://kms.example/", "http://kms.example:8701/", "http://a@kms.example:8700/",
            "http://kms.example:8700@elsewhere/", "ftp://kms.example:8700/", "kms.example:8700", "*", "", "http:/x",
            "/caf\u{E9}", "/\u{FFFD}", "/a b", "http://kms.example:8700\\@elsewhere/",
        ] {
            #expect(!isAcceptable(uri), "\(uri)")
        }
        #expect(isAcceptable("*", method: .OPTIONS))
        #expect(!isAcceptable("/", [("Host", "a"), ("hOST", "a")]) && !isAcceptable("/", []))
        for host in ["a", "[::1]:8700", "kms-1.example.:8700", "a%20b"] { #expect(isAcceptable("/", [("Host", host)])) }
        for host in ["", " ", "a b", "u@h", "a/b", "a?b", "a#b", "a\\b", "a\u{E9}", "a,\tb", "a\u{0}"] {
            #expect(!isAcceptable("/", [("Host", host)]), "\(host)")
            #expect(!isAcceptable("/", [("Host", host)], version: .http1_0), "\(host)")
        }
        #expect(isAcceptable("/", [], version: .http1_0) && !isAcceptable("http://x/", [], version: .http1_0))
    }

    @Test func `have no header whose bytes were not UTF-8`() {
        let host = ("Host", "kms.example:8700")
        #expect(isAcceptable("/", [host, ("X-Project", "caf\u{E9}")]))
        #expect(!isAcceptable("/", [host, ("X-Project", "caf\u{FFFD}")]))
    }

    @Test func `in absolute form for their own host are answered as in origin form`() async throws {
        let fixture = try await Fixture()
        try await fixture.serve { port in
            for target in ["/api/v1/whoami", "http://localhost/api/v1/whoami"] {
                let answer = try await exchange(port, [request("GET \(target)", token: fixture.viewer)])
                #expect(answer.hasPrefix("HTTP/1.1 200"), "\(answer)")
            }
        }
    }
}
