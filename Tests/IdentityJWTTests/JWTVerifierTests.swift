import Foundation
import IdentityJWT
import KMSTesting
import KeyManagement
import Testing

@Suite struct JWTVerifierTests {
    let issuer: Issuer
    let verifier: JWTVerifier
    /// 2026-01-01T00:10:00Z.
    let now = Timestamp(milliseconds: 1_767_226_200_000)

    init() throws {
        issuer = try Issuer()
        try issuer.publish("r=rsa", "e=p256", "f=p384", "d=ed", "small=rsa1024", "other=rsa")
        verifier = JWTVerifier(
            try JWTConfiguration(issuer: Issuer.name, audience: Issuer.audience, keys: issuer.keySet), logger: logger)
    }

    private func refused(_ token: String, at moment: Timestamp? = nil) async -> Bool {
        do throws(KMSError) {
            _ = try await verifier.verify(jwt: token, at: moment ?? now)
            return false
        } catch {
            return error == .unauthenticated
        }
    }

    @Test(arguments: [("RS256", "r"), ("PS256", "r"), ("ES256", "e"), ("ES384", "f"), ("EdDSA", "d")])
    func `that Python signed are believed, for each algorithm`(_ algorithm: String, _ key: String) async throws {
        let token = try issuer.token(algorithm, kid: key, key: key)
        let identity = try await verifier.verify(jwt: token, at: now)
        #expect(identity.subject.text == "oidc:alice")
        #expect(
            Set(identity.groups.map(\.text)) == ["oidc:finance", "oidc:ops"], "a group that could be none is left out")
        #expect(identity.authentication == "jwt:https://issuer.example")
        #expect(identity.project == nil)
        #expect(identity.expiresAt == Timestamp(milliseconds: (1_767_229_200 + 30) * 1000))
    }

    @Test func `are refused whatever is wrong with their claims`() async throws {
        let wrong: [[String: Any?]] = [
            ["iss": "https://issuer.example/"], ["iss": nil], ["iss": ["https://issuer.example"]], ["aud": "other"],
            ["aud": nil], ["aud": ["a", "b"]], ["aud": ["kms": 1]], ["exp": nil], ["exp": "1767229200"],
            ["exp": 1_767_226_100], ["exp": [1_767_229_200]], ["nbf": 1_767_226_300], ["nbf": "now"],
            ["iat": 1_767_226_300],
            ["iat": "x"], ["sub": nil], ["sub": ""], ["sub": "a b"], ["sub": "a/b"], ["sub": "a\u{0}"], ["sub": 7],
            ["sub": ["alice"]], ["sub": String(repeating: "a", count: 128)], ["sub": "älice"],
        ]
        for changes in wrong { #expect(await refused(try issuer.token(claims: changes)), "\(changes)") }
        for right in [
            ["aud": ["other", "kms"]], ["nbf": 1_767_226_000], ["groups": "one"], ["groups": 7],
            ["exp": 1_767_229_200.5],
        ] {
            #expect(await !refused(try issuer.token(claims: right)), "\(right)")
        }
    }

    @Test func `count to the end of their time and of the leeway, not longer`() async throws {
        let token = try issuer.token(claims: ["nbf": 1_767_226_200])
        let ends: [(Int64, Bool)] = [
            (1_767_226_170_000, false), (1_767_226_169_999, true), (1_767_229_229_999, false),
            (1_767_229_230_000, true),
        ]
        for (moment, isRefused) in ends {
            #expect(await refused(token, at: Timestamp(milliseconds: moment)) == isRefused, "\(moment)")
        }
    }

    @Test func `are refused when algorithm and key do not belong together`() async throws {
        let attacks: [String: String] = [
            "no algorithm": try issuer.token("none", signedBy: "none"),
            "no algorithm, in other letters": try issuer.token("nOnE", signedBy: "none"),
            "no algorithm, signed all the same": try issuer.token("none", signedBy: "RS256"),
            "an HMAC under the public key": try issuer.token("HS256", signedBy: "hmac"),
            "an HMAC under the public key, said to be RSA": try issuer.token("RS256", signedBy: "hmac"),
            "an empty signature": try issuer.token("RS256", signedBy: "none"),
            "another key of the set": try issuer.token(kid: "other", key: "r"),
            "the kid of a curve": try issuer.token("RS256", kid: "e", key: "r"),
            "the algorithm of a curve with an RSA key": try issuer.token(
                "ES256", kid: "r", key: "r", signedBy: "RS256"),
            "another curve": try issuer.token("ES256", kid: "f", key: "e"),
            "a kid that there is not": try issuer.token(kid: "nobody"),
            "no kid where several keys fit": try issuer.token(kid: nil),
            "a kid of a key for HMAC": try issuer.token("HS256", kid: "h", signedBy: "hmac"),
            "a kid of a key that is too short": try issuer.token(kid: "small", key: "small"),
            "an algorithm that is not configured": try issuer.token("RS512", signedBy: "RS256"),
            "extensions that must be understood": try issuer.token(header: ["crit": ["exp"]]),
            "an unencoded payload": try issuer.token(header: ["b64": false]),
            "another type": try issuer.token(header: ["typ": "secevent+jwt"]),
        ]
        for (name, token) in attacks { #expect(await refused(token), "\(name)") }
        #expect(await !refused(try issuer.token("ES256", kid: nil, key: "e")), "without kid, the only key that fits")
        #expect(await !refused(try issuer.token(header: ["typ": "at+jwt"])))
    }

    @Test func `bring no keys along, and name no places to get keys from`() async throws {
        let attacker = try Issuer()
        try attacker.publish("r=rsa")
        let set =
            try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: attacker.keySet))) as? [String: Any]
        let jwk = try #require((set?["keys"] as? [Any])?.first)
        for header in [
            ["jwk": jwk], ["jku": "file://\(attacker.keySet)"], ["jku": "http://127.0.0.1:1/jwks.json"],
            ["x5u": "http://127.0.0.1:1/"], ["x5c": ["MIIB"]],
        ] as [[String: Any]] {
            #expect(await refused(try attacker.token(header: header)), "\(header.keys)")
        }
    }

    @Test func `are refused when a single bit of any part is another, or a part is missing`() async throws {
        let token = try issuer.token("ES256", kid: "e", key: "e")
        #expect(await !refused(token))
        let bytes = Array(token.utf8)
        for place in bytes.indices {
            for bit in [1, 2, 4, 8, 16, 32] as [UInt8] {
                var changed = bytes
                changed[place] ^= bit
                let text = String(decoding: changed, as: UTF8.self)
                #expect(await refused(text), "bit \(bit) of byte \(place)")
            }
        }
        let parts = token.split(separator: ".").map(String.init)
        let broken = [
            "", ".", "..", "...", parts[0], "\(parts[0]).\(parts[1])", "\(parts[0]).\(parts[1]).", "\(token).",
            ".\(token)",
            "\(token)=", "\(token)A", " \(token)", "\(token)\n", "\(parts[0])..\(parts[2])",
            "\(parts[1]).\(parts[0]).\(parts[2])",
            String(repeating: "A", count: 20_000), "\(parts[0]).\(String(repeating: "A", count: 20_000)).\(parts[2])",
        ]
        for text in broken { #expect(await refused(text), "\(text.prefix(60))") }
    }

    @Test func `of strangers end nothing, whatever numbers and depths are in them`() async throws {
        let deep = String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000)
        func base64(_ text: String) -> String {
            Data(text.utf8).base64EncodedString().replacingOccurrences(of: "+", with: "-")
                .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
        }
        for header in [
            #"{"alg":"RS256","kid":"r","n":1e300}"#, #"{"alg":"RS256","kid":"r","n":-1e300}"#,
            #"{"alg":"RS256","kid":"r","n":1e999}"#,
            #"{"alg":"RS256","kid":"r","n":99999999999999999999999}"#, #"{"alg":"RS256","kid":"r","n":\#(deep)}"#,
            #"{"alg":1e300}"#, "[]", "null", "\u{FEFF}{}", #"{"alg":"RS256","alg":"none"}"#,
        ] {
            for payload in [#"{"exp":1e300,"nbf":-1e300}"#, #"{"a":\#(deep)}"#, "{}"] {
                #expect(await refused("\(base64(header)).\(base64(payload)).AAAA"))
            }
        }
        for changes in [["exp": 1e300], ["nbf": 1e300], ["exp": -1e300]] as [[String: Any?]] {
            #expect(await refused(try issuer.token(claims: changes)))
        }
    }

    @Test func `name a project where that is configured, and only what could be one`() async throws {
        var configuration = try JWTConfiguration(issuer: Issuer.name, audience: Issuer.audience, keys: issuer.keySet)
        configuration.projectClaim = "tenant"
        configuration.prefix = "corp:"
        let verifier = JWTVerifier(configuration, logger: logger)
        let identity = try await verifier.verify(jwt: try issuer.token(claims: ["tenant": "shop"]), at: now)
        #expect(identity.project?.text == "shop" && identity.subject.text == "corp:alice")
        await #expect(throws: KMSError.unauthenticated) {
            try await verifier.verify(jwt: try issuer.token(claims: ["tenant": "a b"]), at: now)
        }
        #expect(try await verifier.verify(jwt: try issuer.token(), at: now).project == nil)
    }

    @Test func `through the service: roles come by the groups that the directory knows under the issuer's prefix`()
        async throws
    {
        let token = MemoryToken()
        let clock = ManualClock()
        clock.set(now)
        let kms = KeyService(
            token: token, store: MemoryKeyStore(), audit: MemoryAuditLog(), identities: verifier, clock: clock,
            recordLease: .zero, logger: logger)
        let shop = try ProjectID("shop")
        try await kms.initializeStore(
            with: try await kms.prepareDirectory(
                [FirstSubject(subject: try SubjectID("admin"), role: nil, isAdministrator: true)], of: shop))
        let admin = Principal(
            profile: Profile(subject: try SubjectID("admin"), kind: .subject(.user), isAdministrator: true))
        for name in ["finance", "oidc:finance"] { try await kms.createGroup(try GroupID(name), by: admin) }
        try await kms.grantRole(.manager, in: shop, to: .group(try GroupID("finance")), by: admin)
        let shown = AuthenticationRequest(bearer: try issuer.token())
        #expect(
            try await kms.authenticate(shown).principal.roles.byProject.isEmpty, "a local group is not the issuer's")
        try await kms.grantRole(.user, in: shop, to: .group(try GroupID("oidc:finance")), by: admin)
        let found = try await kms.authenticate(shown)
        #expect(found.project == shop && found.principal.roles[shop] == .user)
        #expect(found.principal.authentication == "jwt:https://issuer.example")
        let root = AuthenticationRequest(bearer: try issuer.token(claims: ["sub": "admin"]))
        #expect(
            try await kms.authenticate(root).principal.isAdministrator == false, "a local subject is not the issuer's")
        try await kms.createSubject(try SubjectID("oidc:alice"), by: admin)
        try await kms.updateSubject(try SubjectID("oidc:alice"), SubjectUpdate(isEnabled: false), by: admin)
        await #expect(throws: KMSError.unauthenticated) { try await kms.authenticate(shown) }
        clock.advance(by: .seconds(7200))
        await #expect(throws: KMSError.unauthenticated) {
            try await kms.authenticate(AuthenticationRequest(bearer: try issuer.token(claims: ["sub": "bob"])))
        }
    }
}
