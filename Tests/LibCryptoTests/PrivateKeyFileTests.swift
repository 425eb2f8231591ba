import Foundation
import LibCrypto
import Testing

/// Private keys in every form that OpenSSL's command writes.
@Suite struct PrivateKeyFileTests {
    /// The keys, with the commands that write each of their forms.
    private static let keys: [(make: String, kind: PublicKey.Kind, legacy: PrivateKey.Encoding?)] = [
        ("openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048", .rsa(bits: 2048), .pkcs1),
        ("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256", .ec(.p256), .sec1),
        ("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384", .ec(.p384), .sec1),
        ("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521", .ec(.p521), .sec1),
        ("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1", .ec(.secp256k1), .sec1),
        ("openssl genpkey -algorithm ED25519", .ed25519, nil),
    ]

    private static func read(_ bytes: [UInt8]) throws(PrivateKeyFile.Failure) -> PrivateKeyFile {
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(PrivateKeyFile.Failure) in try PrivateKeyFile(bytes) }
        }
        return try result.get()
    }

    private static func pkcs8(_ key: PrivateKey) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 8192)
        let count = try bytes.withUnsafeMutableBytes { try key.writePKCS8(into: $0) }
        return Array(bytes.prefix(count))
    }

    private func shell(_ command: String) throws -> [UInt8] { try PublicKeyTests.shell(command) }

    @Test(arguments: keys.indices) func `every form of a key is read as the same key, and told apart`(
        _ index: Int
    ) throws {
        let (make, kind, legacy) = Self.keys[index]
        let folder = FileManager.default.temporaryDirectory.path + "/hsm-kms-keys-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let key = folder + "/key.pem"
        _ = try shell("\(make) -out \(key)")
        let publicKey = try shell("openssl pkey -in \(key) -pubout -outform DER")
        let expected = try shell("openssl pkcs8 -topk8 -nocrypt -in \(key) -outform DER")
        var forms: [(command: String, encoding: PrivateKey.Encoding, isPEM: Bool)] = [
            ("cat \(key)", .pkcs8, true),
            ("openssl pkcs8 -topk8 -nocrypt -in \(key) -outform DER", .pkcs8, false),
            ("(echo some text; cat \(key); echo more) | sed 's/$/\\r/'", .pkcs8, true),
        ]
        if let legacy {
            forms.append(("openssl pkey -in \(key) -traditional", legacy, true))
            forms.append(("openssl pkey -in \(key) -traditional -outform DER", legacy, false))
        }
        if case .ec = kind {
            // As 'openssl ecparam -genkey' writes it: with the parameters in a block of their own.
            let both = "openssl ec -in \(key) -param_out && openssl pkey -in \(key) -traditional"
            forms.append((both, .sec1, true))
            forms.append(("openssl ec -in \(key) -conv_form compressed -outform DER", .sec1, false))
            forms.append(("openssl ec -in \(key) -no_public", .sec1, true))
        }
        for (command, encoding, isPEM) in forms {
            let file = try Self.read(try shell(command))
            #expect(file.encoding == encoding && file.isPEM == isPEM, "\(command)")
            #expect(file.key.publicKey.der == publicKey && file.key.publicKey.kind == kind, "\(command)")
            if !command.contains("-no_public") { #expect(try Self.pkcs8(file.key) == expected, "\(command)") }
        }
        let encrypted = "openssl pkey -in \(key) -aes256 -passout pass:secret"
        for command in [encrypted] + (legacy == nil ? [] : ["\(encrypted) -traditional"]) {
            #expect(throws: PrivateKeyFile.Failure.encrypted(isPEM: true)) { try Self.read(try shell(command)) }
        }
        #expect(throws: PrivateKeyFile.Failure.encrypted(isPEM: false)) {
            try Self.read(try shell("openssl pkcs8 -topk8 -in \(key) -passout pass:secret -outform DER"))
        }
        var short = try shell("openssl pkcs8 -topk8 -nocrypt -in \(key) -outform DER")
        short.removeLast()
        for broken in [
            short, expected + [0], publicKey, try shell("openssl pkey -in \(key) -pubout"),
            try shell("cat \(key) \(key)"), try shell("head -n -1 \(key)"), try shell("sed 's/A/!/' \(key)"),
        ] {
            let failure = #expect(throws: PrivateKeyFile.Failure.self) { try Self.read(broken) }
            if case .malformed? = failure { continue }
            Issue.record("\(String(describing: failure))")
        }
    }

    @Test func `what is no private key of a known kind is refused`() throws {
        #expect(throws: PrivateKeyFile.Failure.openSSH) {
            try Self.read(Array("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n".utf8))
        }
        for command in [
            "openssl genpkey -algorithm X25519", "openssl genpkey -algorithm ED448",
            "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024",
            "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit",
            "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-224", "echo hello", "true",
        ] {
            let bytes = try shell(command)
            let failure = #expect(throws: PrivateKeyFile.Failure.self) { try Self.read(bytes) }
            if case .malformed? = failure { continue }
            Issue.record("\(command): \(String(describing: failure))")
        }
    }

    @Test func `a private key with the public half of another is refused`() throws {
        let bytes = try shell("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -outform DER")
        let other = try shell("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -outform DER")
        // The point is the end of the encoding.
        let mixed = bytes.dropLast(65) + other.suffix(65)
        #expect(throws: PrivateKeyFile.Failure.self) { try Self.read(Array(mixed)) }
        #expect(throws: Never.self) { try Self.read(bytes) }
    }
}
