import Foundation
import KMSTesting
import OIDCLogin
import Testing
import ThreadExecutor

/// The parts of a login that need no issuer. The whole logins are in CommandTests.
@Suite struct OIDCLoginTests {
    /// RFC 7636, appendix B.
    @Test func `a challenge is the SHA-256 of its verifier`() {
        let proof = PKCE(verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
        #expect(proof.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
        #expect(PKCE().verifier.count == 43 && PKCE().verifier != PKCE().verifier)
    }

    /// RFC 8628, section 3.5.
    @Test func `a device polls at the pace of the issuer, until the code expires`() throws {
        var polling = DevicePolling(interval: nil, lifetime: 21)
        #expect(polling.next() == .seconds(5))
        try polling.failed(.refused(code: "authorization_pending", description: nil))
        #expect(polling.next() == .seconds(5))
        try polling.failed(.refused(code: "slow_down", description: nil))
        #expect(polling.next() == .seconds(10))
        #expect(polling.next() == nil)
        var fast = DevicePolling(interval: 0, lifetime: 1)
        #expect(fast.next() == .seconds(1) && fast.next() == nil)
    }

    @Test(arguments: [("access_denied", "declined"), ("expired_token", "in time"), ("invalid_grant", "invalid_grant")])
    func `other answers end the polling`(_ code: String, _ text: String) {
        var polling = DevicePolling(interval: 1, lifetime: 60)
        let error = #expect(throws: OIDCError.self) {
            try polling.failed(.refused(code: code, description: nil))
        }
        #expect("\(error as Any)".contains(text) || error?.description.contains(text) == true)
    }

    @Test(arguments: [
        ("https://login.example.com", true), ("https://login.example.com:8443/realms/a", true),
        ("http://127.0.0.1:9000", true), ("http://localhost", true), ("http://login.example.com", false),
        ("http://127.example.com", false), ("https://user@login.example.com", false), ("ftp://127.0.0.1", false),
        ("login.example.com", false), ("", false),
    ]) func `an issuer is https, or on this machine`(_ address: String, _ isSecure: Bool) {
        #expect((try? OIDCProvider.requireSecure(address)) != nil || !isSecure, "\(address)")
        if !isSecure { #expect(throws: OIDCError.self) { try OIDCProvider.requireSecure(address) } }
    }

    @Test func `a discovery document must be the issuer's, and its endpoints https`() throws {
        func document(_ issuer: String, _ token: String) -> [UInt8] {
            Array(
                #"{"issuer":"\#(issuer)","authorization_endpoint":"https://a.example/auth","token_endpoint":"\#(token)"}"#
                    .utf8)
        }
        let issuer = "https://a.example"
        let provider = try OIDCProvider(document: document(issuer, "https://a.example/token"), issuer: issuer + "/")
        #expect(provider.tokenEndpoint == "https://a.example/token" && provider.deviceEndpoint == nil)
        for bad in [
            document("https://b.example", "https://a.example/token"), document(issuer, "http://a.example/token"),
            Array("{}".utf8), [],
        ] {
            #expect(throws: OIDCError.self) { try OIDCProvider(document: bad, issuer: issuer) }
        }
    }

    @Test func `an ID token of another login is refused`() throws {
        func tokens(_ claims: String) throws -> OIDCTokens {
            let payload = Data(claims.utf8).base64EncodedString()
                .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
            return try OIDCTokens(
                answer: Array(#"{"access_token":"a","token_type":"Bearer","id_token":"e30.\#(payload).AA"}"#.utf8))
        }
        let good = #"{"iss":"https://a.example","aud":["kms-cli","x"],"nonce":"n","exp":1767225600}"#
        try tokens(good).checkIDToken(issuer: "https://a.example", clientID: "kms-cli", nonce: "n")
        #expect(try OIDCTokens.expiry(of: #require(tokens(good).idToken))?.timeIntervalSince1970 == 1_767_225_600)
        for (issuer, client, nonce) in [
            ("https://b.example", "kms-cli", "n"), ("https://a.example", "other", "n"),
            ("https://a.example", "kms-cli", "m"),
        ] {
            #expect(throws: OIDCError.self) {
                try tokens(good).checkIDToken(issuer: issuer, clientID: client, nonce: nonce)
            }
        }
        for bad in ["", "[]", "{}"] {
            #expect(throws: OIDCError.self) {
                try tokens(bad).checkIDToken(issuer: "https://a.example", clientID: "kms-cli", nonce: "n")
            }
        }
    }

    @Test func `the redirect is taken by its path and state only`() async throws {
        let listener = try LoopbackListener()
        async let redirect = listener.redirect(state: "s", within: 30)
        func get(_ target: String) async throws -> Int? {
            let url = listener.address.replacing("/callback", with: target)
            return try await onOwnThread("curl") {
                let answer = try ChildProcess.run(
                    "/usr/bin/curl", ["-s", "-o", "/dev/null", "-w", "%{http_code}", url], environment: [:])
                return Int(String(decoding: answer.output, as: UTF8.self))
            }
        }
        #expect(try await get("/favicon.ico") == 404)
        #expect(try await get("/callback") == 404)
        #expect(try await get("/callback?code=c&state=t") == 400)
        #expect(try await get("/callback?code=c&state=s&state=s") == 404)
        #expect(try await get("/callback?code=a%2Bb+c&state=s") == 200)
        #expect(try await redirect == ["code": "a+b c", "state": "s"])
        await #expect(throws: OIDCError.self) { try await listener.redirect(state: "s", within: 0) }
    }
}
