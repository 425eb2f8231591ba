import Foundation
import HTTPServing
import KMSAPI
import KMSTesting
import KeyManagement
import Testing

/// Requests that the service and a proxy in front of it may interpret differently.
@Suite(.timeLimit(.minutes(1))) struct WireAttackTests {
    /// The cases: a name, the bytes exactly as sent (`TOKEN` and `OTHER` are tokens of a Manager and of a Viewer), and the
    /// permitted statuses.
    static let all: [(name: String, bytes: String, statuses: [Int])] = [
        (
            "two tokens in two headers",
            "GET /api/v1/keys HTTP/1.1\r\nHost: x\r\nX-Auth-Token: TOKEN\r\nX-Auth-Token: OTHER\r\n\r\n", [400]
        ),
        (
            "two tokens in two kinds of header",
            "GET /api/v1/keys HTTP/1.1\r\nHost: x\r\nX-Auth-Token: TOKEN\r\nAuthorization: Bearer OTHER\r\n\r\n", [400]
        ),
        (
            "a blank before the colon", "GET /api/v1/keys HTTP/1.1\r\nHost: x\r\nX-Auth-Token : TOKEN\r\n\r\n",
            [400, 401]
        ),
        ("a folded header", "GET /api/v1/keys HTTP/1.1\r\nHost: x\r\nX-Auth-Token:\r\n TOKEN\r\n\r\n", [400, 401]),
        ("an underscore for a hyphen", "GET /api/v1/keys HTTP/1.1\r\nHost: x\r\nX_Auth_Token: TOKEN\r\n\r\n", [401]),
        (
            "a token behind a bare line feed",
            "GET /api/v1/keys HTTP/1.1\r\nHost: x\r\nX-A: b\nX-Auth-Token: OTHER\r\nX-Auth-Token: TOKEN\r\n\r\n", [400]
        ),
        (
            "two projects",
            "GET /api/v1/keys HTTP/1.1\r\nHost: x\r\nX-Auth-Token: TOKEN\r\nX-Project: shop\r\nX-Project: bank\r\n\r\n",
            [400]
        ),
        (
            "a body with two lengths",
            "POST /api/v1/keys HTTP/1.1\r\nHost: x\r\nX-Auth-Token: TOKEN\r\nContent-Type: application/json\r\nContent-Length: 5\r\nContent-Length: 20\r\n\r\n{}   ",
            [400]
        ),
        (
            "a body with a length and in chunks",
            "POST /api/v1/keys HTTP/1.1\r\nHost: x\r\nX-Auth-Token: TOKEN\r\nContent-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            [400]
        ),
        (
            "another encoding than chunks",
            "POST /api/v1/keys HTTP/1.1\r\nHost: x\r\nX-Auth-Token: TOKEN\r\nContent-Type: application/json\r\nTransfer-Encoding: identity\r\n\r\n",
            [400]
        ),
        (
            "a length that is negative",
            "POST /api/v1/random HTTP/1.1\r\nHost: x\r\nX-Auth-Token: TOKEN\r\nContent-Length: -1\r\n\r\n", [400]
        ),
        (
            "a length with a sign",
            "POST /api/v1/random HTTP/1.1\r\nHost: x\r\nX-Auth-Token: TOKEN\r\nContent-Length: +2\r\n\r\n{}", [400]
        ),
        (
            "an absolute form of another host",
            "GET http://elsewhere/api/v1/keys HTTP/1.1\r\nHost: x\r\nX-Auth-Token: OTHER\r\n\r\n", [400]
        ),
        (
            "an absolute form of another port",
            "GET http://x:81/api/v1/keys HTTP/1.1\r\nHost: x\r\nX-Auth-Token: OTHER\r\n\r\n", [400]
        ),
        (
            "an absolute form with somebody in it",
            "GET http://x@elsewhere/api/v1/keys HTTP/1.1\r\nHost: x\r\nX-Auth-Token: OTHER\r\n\r\n", [400]
        ),
        (
            "an absolute form of another scheme",
            "GET ftp://x/api/v1/keys HTTP/1.1\r\nHost: x\r\nX-Auth-Token: OTHER\r\n\r\n", [400]
        ),
        ("no host", "GET /api/v1/keys HTTP/1.1\r\nX-Auth-Token: OTHER\r\n\r\n", [400]),
        (
            "an absolute form without a host",
            "GET http://x/api/v1/keys HTTP/1.1\r\nX-Auth-Token: OTHER\r\n\r\n", [400]
        ),
        ("two hosts", "GET /api/v1/keys HTTP/1.1\r\nHost: x\r\nHost: x\r\nX-Auth-Token: OTHER\r\n\r\n", [400]),
        (
            "two hosts in two cases",
            "GET /api/v1/keys HTTP/1.1\r\nHost: x\r\nhost: elsewhere\r\nX-Auth-Token: OTHER\r\n\r\n", [400]
        ),
        (
            "a method of one's own", "STEAL /api/v1/keys HTTP/1.1\r\nHost: x\r\nX-Auth-Token: TOKEN\r\n\r\n",
            [400, 404, 405]
        ),
        (
            "a method override",
            "GET /api/v1/keys/orders HTTP/1.1\r\nHost: x\r\nX-Auth-Token: OTHER\r\nX-HTTP-Method-Override: DELETE\r\n\r\n",
            [200]
        ),
        (
            "an identity that a proxy would set",
            "GET /api/v1/keys HTTP/1.1\r\nHost: x\r\nX-Forwarded-User: maria\r\nX-Subject: maria\r\nX-Client-Cert: maria\r\n\r\n",
            [401]
        ),
        ("HTTP/0.9", "GET /api/v1/keys\r\n\r\n", [400]),
    ]

    @Test(arguments: all.indices) func `fail`(_ place: Int) async throws {
        let attack = Self.all[place]
        let fixture = try await Fixture()
        try await fixture.runLive { try await $0.createKey() }
        let before = try await fixture.store.keys(in: .init("shop"), after: nil, limit: 10)
        try await fixture.serve { port in
            let bytes = attack.bytes.replacingOccurrences(of: "TOKEN", with: fixture.manager)
                .replacingOccurrences(of: "OTHER", with: fixture.viewer)
                .replacingOccurrences(of: "X-Auth-\(fixture.manager)", with: "X-Auth-Token")
            let answer = try await exchange(port, [bytes], until: nil, thenClose: true)
            let status = answer.split(separator: " ").dropFirst().first.flatMap { Int($0) }
            #expect(status.map { attack.statuses.contains($0) } ?? true, "\(attack.name): \(answer)")
            #expect(answer.components(separatedBy: "HTTP/1.1 2").count <= 2, "one request, one answer: \(answer)")
        }
        #expect(try await fixture.store.keys(in: .init("shop"), after: nil, limit: 10) == before)
    }
}
