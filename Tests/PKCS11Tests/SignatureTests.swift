import PKCS11
import Testing

@Suite
struct SignatureTests {
    static let token = TestToken()

    static let message = Array("the message".utf8)

    /// RFC 4231 §4.7, test case 6: a key longer than the block of the hash.
    @Test(arguments: [
        (Mechanism.sha256HMAC, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        (
            .sha384HMAC,
            """
            4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c6\
            0c2ef6ab4030fe8296248df163f44952
            """
        ),
        (
            .sha512HMAC,
            """
            80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352\
            6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598
            """
        ),
    ])
    func `HMAC gives the published results`(mechanism: Mechanism, expected: String) throws {
        let session = try Self.token.session()
        let key = try session.createObject([
            .class(.secretKey), .keyType(.genericSecret), .value([UInt8](repeating: 0xAA, count: 131)),
            .sign(true), .verify(true), .token(false),
        ])
        let data = Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)
        let mac = try session.sign(data, with: key, mechanism)
        #expect(mac.hex == expected)
        #expect(try session.verify(mac, of: data, with: key, mechanism))
        #expect(try !session.verify(mac, of: Self.message, with: key, mechanism))
        #expect(try !session.verify(mac.dropLast(), of: data, with: key, mechanism))
        #expect(try session.verify(mac, of: data, with: key, mechanism))
    }

    @Test func `a MAC of nothing is a MAC`() throws {
        let session = try Self.token.session()
        let bytes = [UInt8](0..<32)
        let key = try session.createObject(
            [.class(.secretKey), .keyType(.genericSecret), .value(bytes), .sign(true), .token(false)])
        let reference = try OpenSSL.run(
            ["dgst", "-sha256", "-mac", "HMAC", "-macopt", "hexkey:\(bytes.hex)", "-binary", "data"],
            files: ["data": []])
        #expect(try session.sign([], with: key, .sha256HMAC) == reference)
    }

    @Test func `OpenSSL accepts an ECDSA signature of the token`() throws {
        let session = try Self.token.session()
        let keys = try session.generateKeyPair(
            .ecKeyPairGen, publicKey: [.ecParameters(.p256), .verify(true)],
            privateKey: [.sign(true), .sensitive(true)])
        let hash = try session.digest(Self.message, .sha256)
        let signature = try session.sign(hash, with: keys.privateKey, .ecdsa)
        #expect(signature.count == 64)
        _ = try OpenSSL.run(
            ["dgst", "-sha256", "-verify", "key", "-keyform", "DER", "-signature", "signature", "message"],
            files: [
                "key": try session.ecPublicKeyInfo(of: keys.publicKey), "message": Self.message,
                "signature": DER.sequence(DER.integer(signature[..<32]), DER.integer(signature[32...])),
            ])
        #expect(try session.verify(signature, of: hash, with: keys.publicKey, .ecdsa))
        var forged = signature
        forged[0] ^= 1
        #expect(try !session.verify(forged, of: hash, with: keys.publicKey, .ecdsa))
    }

    @Test func `OpenSSL accepts RSA signatures of the token, with PSS and PKCS #1 v1.5`() throws {
        let session = try Self.token.session()
        let keys = try session.generateKeyPair(
            .rsaPKCSKeyPairGen,
            publicKey: [.modulusBits(2048), .publicExponent([1, 0, 1]), .verify(true)],
            privateKey: [.sign(true), .sensitive(true)])
        let publicKey = try session.rsaPublicKeyInfo(of: keys.publicKey)
        func check(_ signature: [UInt8], options: [String]) throws {
            #expect(signature.count == 256)
            _ = try OpenSSL.run(
                ["dgst", "-sha256", "-verify", "key", "-keyform", "DER"] + options + [
                    "-signature", "signature", "message",
                ],
                files: ["key": publicKey, "message": Self.message, "signature": signature])
        }
        let pss = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"]
        try check(try session.sign(Self.message, with: keys.privateKey, .sha256RSAPSS()), options: pss)
        try check(try session.sign(Self.message, with: keys.privateKey, .sha256RSAPKCS), options: [])
        let hash = try session.digest(Self.message, .sha256)
        let bare = Mechanism.rsaPSS(hash: .sha256, mgf: .sha256, saltLength: 32)
        let signature = try session.sign(hash, with: keys.privateKey, bare)
        try check(signature, options: pss)
        #expect(try session.verify(signature, of: hash, with: keys.publicKey, bare))
        #expect(try !session.verify(signature, of: [UInt8](repeating: 0, count: 32), with: keys.publicKey, bare))
    }

    @Test func `a signature that does not fit is refused, and leaves no operation active`() throws {
        let session = try Self.token.session()
        let key = try session.generateKeyPair(
            .rsaPKCSKeyPairGen, publicKey: [.modulusBits(2048), .publicExponent([1, 0, 1])], privateKey: [.sign(true)]
        ).privateKey
        var memory = [UInt8](repeating: 0, count: 100)
        #expect(throws: PKCS11Error.returned(.bufferTooSmall, from: .sign)) {
            try Self.message.withUnsafeBytes { data in
                try memory.withUnsafeMutableBytes { try session.sign(data, with: key, .sha256RSAPKCS, into: $0) }
            }
        }
        #expect(try session.sign(Self.message, with: key, .sha256RSAPKCS).count == 256)
    }

    @Test func `Ed25519 signatures come from the token, too`() throws {
        let session = try Self.token.session()
        let keys = try session.generateKeyPair(
            .ecEdwardsKeyPairGen, publicKey: [.ecParameters(.ed25519), .verify(true)], privateKey: [.sign(true)])
        let signature = try session.sign(Self.message, with: keys.privateKey, .edDSA)
        #expect(signature.count == 64)
        #expect(try session.verify(signature, of: Self.message, with: keys.publicKey, .edDSA))
    }
}
