import Foundation
import IdentityJWT
import KMSTesting
import KeyManagement
import Logging
import Synchronization
import Testing

/// An issuer whose keys and signatures are made by Python's cryptography, independently of the verifying code.
final class Issuer: Sendable {
    let folder: String

    static let script = #"""
        import base64, json, sys, os
        from cryptography.hazmat.primitives import hashes, hmac, serialization
        from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

        def b64(data): return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
        def number(n, size=None): return b64(n.to_bytes(size or (n.bit_length() + 7) // 8, "big"))

        folder, command = sys.argv[1], sys.argv[2]

        def path(kid): return os.path.join(folder, kid + ".pem")

        def load(kid):
            return serialization.load_pem_private_key(open(path(kid), "rb").read(), None)

        def jwk(kid, key):
            public = key.public_key()
            if isinstance(key, rsa.RSAPrivateKey):
                n = public.public_numbers()
                return {"kty": "RSA", "kid": kid, "use": "sig", "n": number(n.n), "e": number(n.e)}
            if isinstance(key, ec.EllipticCurvePrivateKey):
                n = public.public_numbers()
                size = (key.curve.key_size + 7) // 8
                return {"kty": "EC", "kid": kid, "crv": {256: "P-256", 384: "P-384", 521: "P-521"}[key.curve.key_size],
                        "x": number(n.x, size), "y": number(n.y, size)}
            raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
            return {"kty": "OKP", "kid": kid, "crv": "Ed25519", "x": b64(raw)}

        if command == "keys":
            keys = []
            for spec in sys.argv[3:]:
                kid, kind = spec.split("=")
                if not os.path.exists(path(kid)):
                    key = {"rsa": lambda: rsa.generate_private_key(65537, 2048), "rsa1024": lambda: rsa.generate_private_key(65537, 1024),
                           "p256": lambda: ec.generate_private_key(ec.SECP256R1()), "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
                           "ed": ed25519.Ed25519PrivateKey.generate}[kind]()
                    open(path(kid), "wb").write(key.private_bytes(serialization.Encoding.PEM,
                        serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
                keys.append(jwk(kid, load(kid)))
            keys += [{"kty": "weird", "kid": "w"}, {"kty": "oct", "kid": "h", "k": "AAAA"}, {"kid": "nothing"}, 7]
            text = json.dumps({"keys": keys})
            temporary = os.path.join(folder, "new.json")
            open(temporary, "w").write(text)
            os.rename(temporary, os.path.join(folder, "jwks.json"))
        else:
            header, payload, kid, how = json.loads(sys.argv[3]), json.loads(sys.argv[4]), sys.argv[5], sys.argv[6]
            signed = (b64(json.dumps(header).encode()) + "." + b64(json.dumps(payload).encode())).encode()
            if how == "none": signature = b""
            elif how == "hmac":
                public = load(kid).public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
                mac = hmac.HMAC(public, hashes.SHA256()); mac.update(signed); signature = mac.finalize()
            else:
                key = load(kid)
                if how == "RS256": signature = key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
                elif how == "PS256":
                    signature = key.sign(signed, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
                elif how == "EdDSA": signature = key.sign(signed)
                else:
                    hash, size = {"ES256": (hashes.SHA256(), 32), "ES384": (hashes.SHA384(), 48)}[how]
                    r, s = utils.decode_dss_signature(key.sign(signed, ec.ECDSA(hash)))
                    signature = r.to_bytes(size, "big") + s.to_bytes(size, "big")
            print(signed.decode() + "." + b64(signature), end="")
        """#

    static let name = "https://issuer.example"
    static let audience = "kms"

    init() throws {
        folder = FileManager.default.temporaryDirectory.path + "/hsm-kms-issuer-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(Self.script.utf8).write(to: URL(filePath: "\(folder)/issuer.py"))
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var keySet: String { "\(folder)/jwks.json" }

    /// Publishes a key set of these keys; existing keys are kept.
    func publish(_ keys: String...) throws {
        _ = try python(["keys"] + keys)
        // A file system may have a coarse clock.
        let later = Date(timeIntervalSinceNow: Double.random(in: 1...1000))
        try FileManager.default.setAttributes([.modificationDate: later], ofItemAtPath: keySet)
    }

    /// Returns the claims of a token that is valid for one hour from 2026-01-01T00:00:00Z.
    static func claims(_ changes: [String: Any?] = [:]) -> [String: Any] {
        var claims: [String: Any] = [
            "iss": name, "aud": audience, "sub": "alice", "iat": 1_767_225_600, "exp": 1_767_229_200,
            "groups": ["finance", "kms admins", "ops"],
        ]
        for (name, value) in changes { claims[name] = value }
        return claims
    }

    func token(
        _ algorithm: String = "RS256", kid: String? = "r", key: String = "r", signedBy how: String? = nil,
        header: [String: Any] = [:], claims changes: [String: Any?] = [:]
    ) throws -> String {
        var fields: [String: Any] = ["alg": algorithm, "typ": "JWT"]
        fields["kid"] = kid
        fields.merge(header) { $1 }
        return try python([
            "sign", try Self.json(fields), try Self.json(Self.claims(changes)), key, how ?? algorithm,
        ])
    }

    private static func json(_ object: [String: Any]) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
    }

    private func python(_ arguments: [String]) throws -> String {
        let (status, output) = try ChildProcess.run(
            "/usr/bin/python3", ["\(folder)/issuer.py", folder] + arguments, environment: [:])
        let text = String(decoding: output, as: UTF8.self)
        try #require(status == 0, "\(text)")
        return text
    }
}

/// A monotonic clock that is advanced by hand.
final class Moment: Sendable {
    private let offset = OffsetBox()
    private let start = ContinuousClock.now

    var now: ContinuousClock.Instant { start + .milliseconds(offset.value) }

    func advance(by duration: Duration) {
        offset.add(Int(duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000))
    }
}

private final class OffsetBox: Sendable {
    private let box = Atomic<Int>(0)
    var value: Int { box.load(ordering: .relaxed) }
    func add(_ milliseconds: Int) { box.add(milliseconds, ordering: .relaxed) }
}

let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
