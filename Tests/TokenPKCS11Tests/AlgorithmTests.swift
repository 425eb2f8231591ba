import Crypto
import Foundation
import KMSTesting
import KeyManagement
import LibCrypto
import SecretMemory
import Synchronization
import Testing

@testable import PKCS11
@testable import TokenPKCS11

/// Every algorithm on the real SoftHSM.
@Suite struct AlgorithmTests {
    private static func key(
        _ token: PKCS11Token, _ algorithm: KeyAlgorithm, _ usage: KeyUsage? = nil
    ) async throws -> (key: VersionKey, publicKey: LibCrypto.PublicKey?) {
        let usage = usage ?? algorithm.usages[0]
        let new = try await token.generateKey(algorithm, for: usage)
        let id = VersionID(key: KeyID(), number: .first)
        return (
            VersionKey(id: id, algorithm: algorithm, usage: usage, wrapped: new.wrapped),
            try new.publicKey.map { try LibCrypto.PublicKey(der: $0.der) }
        )
    }

    @Test func `signatures of every kind verify outside, and a version key in use can do nothing else`() async throws {
        let testToken = try await TestToken.make()
        let token = try await testToken.open()
        let algorithms: [KeyAlgorithm] = [.rsa2048, .rsa3072, .ecP256, .ecP384, .ecP521, .ecSecp256k1]
        for algorithm in algorithms {
            let (key, publicKey) = try await Self.key(token, algorithm)
            let verifier = try #require(publicKey)
            let messages = (0..<5).map { Array("message \($0)".utf8) }
            for scheme in SignatureAlgorithm.allowed(for: algorithm) {
                let hash = try #require(scheme.hash).libCrypto
                let raw = try await token.sign(messages.map { hash.digest(of: $0) }, by: scheme, with: key)
                #expect(raw.count == messages.count)
                for (index, signature) in raw.enumerated() {
                    let isECDSA = if case .ecdsa = scheme.libCrypto { true } else { false }
                    let written = isECDSA ? try #require(ECDSASignature.der(fromRaw: signature)) : signature
                    #expect(verifier.verify(written, ofMessage: messages[index], scheme: scheme.libCrypto))
                    #expect(!verifier.verify(written, ofMessage: messages[(index + 1) % 5], scheme: scheme.libCrypto))
                }
            }
            // The token holds one unwrapped version key of this algorithm.
            try testToken.withSession { session in
                let kind: ObjectClass = .privateKey
                let objects = try session.findObjects(
                    [.class(kind), .keyType(algorithm.keyType), .token(false)], limit: 10)
                let handle = try #require(objects.last)
                for (type, expected) in [
                    (AttributeType.sensitive, true), (.extractable, false), (.private, true), (.token, false),
                    (.sign, true), (.decrypt, false), (.unwrap, false), (.derive, false),
                ] { #expect(try session.bool(type, of: handle) == expected, "\(algorithm.rawValue) \(type)") }
            }
        }
        await token.close()
    }

    @Test func `what was encrypted with the public key decrypts in the token; whatever is wrong is rejected alike`()
        async throws
    {
        let token = try await TestToken.make().open()
        let (key, publicKey) = try await Self.key(token, .rsa2048, .encryptDecrypt)
        let encrypter = try #require(publicKey)
        for padding in AsymmetricEncryption.allCases {
            let maxLength = padding.maxPlaintextLength(modulusBits: 2048)
            for count in [0, 1, 32, maxLength] {
                let plaintext = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
                let ciphertext = try plaintext.withUnsafeBytes {
                    try encrypter.encryptOAEP($0, hash: padding.hash.libCrypto)
                }
                var changed = ciphertext
                changed[100] ^= 1
                let tooLarge = [UInt8](repeating: 0xFF, count: 256)
                let zero = [UInt8](repeating: 0, count: 256)
                let results = try await token.decrypt(
                    [
                        ciphertext, changed, tooLarge, zero, Array(ciphertext.dropLast()), ciphertext + [0], [],
                        ciphertext,
                    ],
                    by: padding, with: key)
                #expect(try results[0].get() == SecretBytes(copying: plaintext))
                #expect(try results[7].get() == SecretBytes(copying: plaintext), "the key works after all that")
                for result in results[1..<7] { #expect(throws: TokenError.rejected) { try result.get() } }
            }
            // The other hash's padding is wrong padding.
            let other: AsymmetricEncryption = padding == .oaepSHA1 ? .oaepSHA256 : .oaepSHA1
            let foreign = try [1, 2, 3].withUnsafeBytes { try encrypter.encryptOAEP($0, hash: other.hash.libCrypto) }
            let result = try await token.decrypt([foreign], by: padding, with: key)[0]
            #expect(throws: TokenError.rejected) { try result.get() }
        }
        await #expect(throws: TokenError.self) {
            _ = try await token.sign([[UInt8](repeating: 0, count: 32)], by: .rsaPSSSHA256, with: key)
        }
        await token.close()
    }

    @Test func `HMACs are those of swift-crypto for a key that both know`() async throws {
        let testToken = try await TestToken.make()
        let secret = (0..<64).map { UInt8(truncatingIfNeeded: 3 * $0 + 1) }
        let blob = try testToken.withSession { session in
            let root = try #require(try session.findObjects([.label("kms-root-wrap-1")], limit: 1).first)
            let known = try session.createObject([
                .class(.secretKey), .keyType(.genericSecret), .token(false), .extractable(true), .sensitive(true),
                Attribute(.value, bytes: secret),
            ])
            return try session.wrapKey(known, with: root, .aesKeyWrapPad)
        }
        let token = try await testToken.open()
        let key = VersionKey(
            id: VersionID(key: KeyID(), number: .first), algorithm: .hmacSHA512, usage: .generateVerifyMAC,
            wrapped: WrappedKey(mechanism: .aesKWP, epoch: .first, blob: blob))
        let messages = [[], [1], [UInt8](repeating: 7, count: 65536)]
        let codes = try await token.authenticate(messages, with: key)
        for (message, code) in zip(messages, codes) {
            #expect(code == Array(HMAC<SHA512>.authenticationCode(for: message, using: SymmetricKey(data: secret))))
        }
        await token.close()
    }

    /// Expected by `openssl dgst -sha224 -mac HMAC`, with a secret of 28 bytes 00 01 … 1B.
    @Test func `HMAC with SHA-224 has a secret of 28 bytes, which is no whole block`() async throws {
        let testToken = try await TestToken.make()
        let blob = try testToken.withSession { session in
            let root = try #require(try session.findObjects([.label("kms-root-wrap-1")], limit: 1).first)
            let known = try session.createObject([
                .class(.secretKey), .keyType(.genericSecret), .token(false), .extractable(true), .sensitive(true),
                Attribute(.value, bytes: (0..<28).map { UInt8($0) }),
            ])
            return try session.wrapKey(known, with: root, .aesKeyWrapPad)
        }
        let token = try await testToken.open()
        let key = VersionKey(
            id: VersionID(key: KeyID(), number: .first), algorithm: .hmacSHA224, usage: .generateVerifyMAC,
            wrapped: WrappedKey(mechanism: .aesKWP, epoch: .first, blob: blob))
        let code = try await token.authenticate([Array("a message".utf8)], with: key)[0]
        #expect(
            code.map { String(format: "%02x", $0) }.joined()
                == "194e47a8b8d7616371481226409b69e76439764b69a97494ff6238ce")
        let (made, _) = try await Self.key(token, .hmacSHA224)
        #expect(try await token.authenticate([[]], with: made)[0].count == 28)
        await token.close()
    }

    @Test func `secrets that are agreed on in the token are those outside, and a key for them can do nothing else`()
        async throws
    {
        let testToken = try await TestToken.make()
        let token = try await testToken.open()
        #expect(token.agreementAlgorithms == [.ecP256, .ecP384, .ecP521])
        for algorithm in [KeyAlgorithm.ecP256, .ecP384, .ecP521] {
            let (key, publicKey) = try await Self.key(token, algorithm, .keyAgreement)
            let ours = try #require(publicKey)
            // Several attempts, because one in 256 secrets begins with a zero.
            for _ in 0..<40 {
                let (theirs, expected) = try Self.agree(with: ours, algorithm)
                let secret = try await token.agree(with: PublicKeyInfo(der: theirs), by: key)
                #expect(secret.withUnsafeBytes { Array($0) } == expected)
            }
            try testToken.withSession { session in
                let objects = try session.findObjects(
                    [.class(.privateKey), .keyType(.ec), .token(false)], limit: 10)
                let handle = try #require(objects.last)
                for (type, expected) in [
                    (AttributeType.sensitive, true), (.extractable, false), (.private, true), (.token, false),
                    (.derive, true), (.sign, false), (.decrypt, false), (.unwrap, false),
                ] { #expect(try session.bool(type, of: handle) == expected, "\(algorithm.rawValue) \(type)") }
                let secrets = try session.findObjects([.class(.secretKey), .token(false)], limit: 10)
                #expect(secrets.isEmpty, "no secret stays in the token")
            }
            let other: KeyAlgorithm = algorithm == .ecP256 ? .ecP384 : .ecP256
            let (_, foreign) = try await Self.key(token, other)
            let wrong = PublicKeyInfo(der: try #require(foreign).der)
            for der in [wrong.der, [], Array(ours.der.dropLast())] {
                await #expect(throws: TokenError.rejected) {
                    _ = try await token.agree(with: PublicKeyInfo(der: der), by: key)
                }
            }
            let digest = [UInt8](repeating: 0, count: 32)
            let scheme = SignatureAlgorithm.allowed(for: algorithm)[0]
            await #expect(throws: TokenError.self) { _ = try await token.sign([digest], by: scheme, with: key) }
            // A key that signs cannot derive secrets.
            let (signer, _) = try await Self.key(token, algorithm)
            await #expect(throws: TokenError.self) {
                _ = try await token.agree(with: PublicKeyInfo(der: ours.der), by: signer)
            }
        }
        await token.close()
    }

    /// Returns another party's public key, and the secret that it derives.
    private static func agree(
        with ours: LibCrypto.PublicKey, _ algorithm: KeyAlgorithm
    ) throws -> (publicKey: [UInt8], secret: [UInt8]) {
        func bytes(_ secret: Crypto.SharedSecret) -> [UInt8] { secret.withUnsafeBytes { Array($0) } }
        switch algorithm {
        case .ecP256:
            let own = P256.KeyAgreement.PrivateKey()
            let secret = try own.sharedSecretFromKeyAgreement(with: .init(derRepresentation: ours.der))
            return (Array(own.publicKey.derRepresentation), bytes(secret))
        case .ecP384:
            let own = P384.KeyAgreement.PrivateKey()
            let secret = try own.sharedSecretFromKeyAgreement(with: .init(derRepresentation: ours.der))
            return (Array(own.publicKey.derRepresentation), bytes(secret))
        default:
            let own = P521.KeyAgreement.PrivateKey()
            let secret = try own.sharedSecretFromKeyAgreement(with: .init(derRepresentation: ours.der))
            return (Array(own.publicKey.derRepresentation), bytes(secret))
        }
    }

    @Test func `a data-key pair leaves once and leaves nothing behind`() async throws {
        let testToken = try await TestToken.make()
        let token = try await testToken.open()
        for algorithm in [KeyAlgorithm.rsa2048, .ecP256, .ecP384, .ecP521] {
            let pair = try await token.generateDataKeyPair(algorithm)
            let publicKey = try LibCrypto.PublicKey(der: pair.publicKey.der)
            let der = pair.privateKey.withUnsafeBytes { Array($0) }
            switch algorithm {
            case .ecP256:
                let key = try P256.Signing.PrivateKey(derRepresentation: der)
                #expect(Array(key.publicKey.derRepresentation) == publicKey.der)
            case .ecP384:
                let key = try P384.Signing.PrivateKey(derRepresentation: der)
                #expect(Array(key.publicKey.derRepresentation) == publicKey.der)
            case .ecP521:
                let key = try P521.Signing.PrivateKey(derRepresentation: der)
                #expect(Array(key.publicKey.derRepresentation) == publicKey.der)
            default: #expect(der.count > 1100 && publicKey.kind == .rsa(bits: 2048))
            }
        }
        #expect(try sessionObjects(of: testToken) == 0)
        for algorithm in [KeyAlgorithm.aes256GCM96, .hmacSHA256, .ed25519] {
            await #expect(throws: TokenError.self) { _ = try await token.generateDataKeyPair(algorithm) }
        }
        await token.close()
    }

    @Test func `decryption goes on while an RSA pair is made`() async throws {
        let token = try await TestToken.make().open()
        let (key, _) = try await Self.key(token, .aes256GCM96)
        let box = try await token.encrypt(SecretBytes(copying: [1]), additionalData: [1], with: key)
        let flag = Flag()
        let generation = Task {
            _ = try await token.generateKey(.rsa3072, for: .signVerify)
            flag.isSet.store(true, ordering: .relaxed)
        }
        var count = 0
        while !flag.isSet.load(ordering: .relaxed) {
            _ = try await token.decrypt(box, additionalData: [1], with: key)
            count += 1
        }
        try await generation.value
        // A pair takes half a second or more, a decryption much less. A caller that waited for the whole generation would count
        // one or two.
        #expect(count > 20)
        await token.close()
    }

    private final class Flag: Sendable {
        let isSet = Atomic(false)
    }

    private func sessionObjects(of testToken: TestToken) throws -> Int {
        try testToken.withSession { session in try session.findObjects([.token(false)], limit: 100).count }
    }
}
