import Foundation
import KMSTesting
import LibCrypto
import Testing

/// Public keys as written by OpenSSL's command.
@Suite struct PublicKeyTests {
    /// Runs a shell command and returns its output.
    static func shell(_ command: String) throws -> [UInt8] {
        let (status, output) = try ChildProcess.run(
            "/bin/bash", ["-ec", "set -o pipefail; exec 2>/dev/null; " + command],
            environment: ProcessInfo.processInfo.environment)
        try #require(status == 0, "\(command)")
        return output
    }

    static let known: [(command: String, kind: PublicKey.Kind)] = [
        ("openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048", .rsa(bits: 2048)),
        ("openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -pkeyopt rsa_keygen_pubexp:3", .rsa(bits: 3072)),
        ("openssl ecparam -name prime256v1 -genkey -noout", .ec(.p256)),
        ("openssl ecparam -name secp384r1 -genkey -noout", .ec(.p384)),
        ("openssl ecparam -name secp521r1 -genkey -noout", .ec(.p521)),
        ("openssl ecparam -name secp256k1 -genkey -noout", .ec(.secp256k1)),
        ("openssl genpkey -algorithm ED25519", .ed25519),
    ]

    @Test(arguments: known.indices) func `a key that OpenSSL made reads, in DER and PEM, and is written as it was`(
        _ index: Int
    ) throws {
        let (command, kind) = Self.known[index]
        let pem = try Self.shell("\(command) | openssl pkey -pubout")
        let text = String(decoding: pem, as: UTF8.self)
        let key = try PublicKey(pem: text)
        #expect(key.kind == kind)
        #expect(key.pem == text)
        let again = try PublicKey(der: key.der)
        #expect(again.der == key.der && again.kind == kind)
        // One byte more, less or different: refused, or another key; never the same key, and never a crash.
        #expect(throws: LibCryptoError.self) { try PublicKey(der: key.der + [0]) }
        #expect(throws: LibCryptoError.self) { try PublicKey(der: Array(key.der.dropLast())) }
        for place in key.der.indices {
            var changed = key.der
            changed[place] ^= 1
            if let other = try? PublicKey(der: changed) { #expect(other.der != key.der) }
        }
    }

    @Test(arguments: [
        "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024",
        "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:4104",
        "openssl ecparam -name secp224r1 -genkey -noout", "openssl genpkey -algorithm X25519",
        "openssl genpkey -algorithm ED448",
        "openssl ecparam -name prime256v1 -genkey -noout -param_enc explicit",
    ]) func `keys of other kinds, sizes and encodings are refused`(_ command: String) throws {
        let der = try Self.shell("\(command) | openssl pkey -pubout -outform DER")
        #expect(throws: LibCryptoError.self) { try PublicKey(der: der) }
    }

    @Test func `a compressed point, one that is not on the curve, and infinity are refused`() throws {
        let compressed = try Self.shell(
            "openssl ecparam -name prime256v1 -genkey -noout | openssl ec -pubout -conv_form compressed -outform DER")
        #expect(throws: LibCryptoError.self) { try PublicKey(der: compressed) }
        #expect(throws: LibCryptoError.self) { try PublicKey(curve: .p256, point: [0]) }
        #expect(throws: LibCryptoError.self) {
            try PublicKey(curve: .p256, point: [4] + [UInt8](repeating: 1, count: 64))
        }
        #expect(throws: LibCryptoError.self) {
            try PublicKey(curve: .p256, point: [4] + [UInt8](repeating: 0, count: 64))
        }
        #expect(throws: LibCryptoError.self) {
            try PublicKey(rsaModulus: [UInt8](repeating: 0xFF, count: 256), exponent: [2])
        }
        #expect(throws: LibCryptoError.self) { try PublicKey(rsaModulus: [], exponent: [1, 0, 1]) }
        #expect(throws: LibCryptoError.self) { try PublicKey(ed25519: [1, 2, 3]) }
    }

    @Test(arguments: [
        "", "nonsense", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN PUBLIC KEY-----\n!!!!\n-----END PUBLIC KEY-----\n",
    ]) func `what is no PEM of a public key is refused`(_ text: String) {
        #expect(throws: LibCryptoError.self) { try PublicKey(pem: text) }
    }

    /// RFC 8037 §A.2 and A.3.
    @Test func `a JSON Web Key is that of RFC 8037`() throws {
        let x: [UInt8] = [
            0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e, 0xe1,
            0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
        ]
        let jwk = try PublicKey(ed25519: x).jwk
        #expect(jwk.map(\.name) == ["kty", "crv", "x"])
        #expect(jwk.map(\.value) == ["OKP", "Ed25519", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"])
    }

    @Test func `Ed25519 verifies what OpenSSL signed, and takes no digests`() throws {
        let folder = "/tmp/libcrypto-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let output = try Self.shell(
            """
            mkdir \(folder); cd \(folder); printf hello > m; openssl genpkey -algorithm ED25519 -out k
            openssl pkeyutl -sign -inkey k -rawin -in m -out s; openssl pkey -in k -pubout
            """)
        let key = try PublicKey(pem: String(decoding: output, as: UTF8.self))
        let signature = Array(try #require(FileManager.default.contents(atPath: folder + "/s")))
        let message = Array("hello".utf8)
        #expect(key.verify(signature, ofMessage: message, scheme: .ed25519))
        #expect(!key.verify(signature, ofMessage: message + [0], scheme: .ed25519))
        #expect(!key.verify(signature.reversed(), ofMessage: message, scheme: .ed25519))
        #expect(!key.verify(signature, ofMessage: message, scheme: .ecdsa(.sha256)))
        #expect(!key.verify(signature, over: HashFunction.sha512.digest(of: message), scheme: .ed25519))
    }
}
