import Crypto
import KMSTesting
import KeyManagement
import LibCrypto
import SecretMemory
import Testing

@testable import PKCS11
@testable import TokenPKCS11

/// The import of keys by their owners, into the real SoftHSM.
@Suite struct ImportTests {
    static func job(_ token: PKCS11Token, _ method: ImportMethod) async throws -> ImportJob {
        let pair = try await token.generateImportKey(.rsa3072)
        let now = Timestamp(milliseconds: 0)
        return ImportJob(
            id: ImportJobID(), project: try ProjectID("shop"), subject: try SubjectID("maria"),
            wrappingAlgorithm: .rsa3072, method: method, publicKey: try #require(pair.publicKey),
            wrapped: pair.wrapped, createdAt: now, expiresAt: now)
    }

    static func wrap(_ material: [UInt8], under job: ImportJob) throws -> [UInt8] {
        let key = try LibCrypto.PublicKey(der: job.publicKey.der)
        let hash = job.method.hash.libCrypto
        guard job.method.hasTwoSteps else {
            return try material.withUnsafeBytes { try key.encryptOAEP($0, hash: hash) }
        }
        let step = (0..<32).map { _ in UInt8.random(in: .min ... .max) }
        let inner = try material.withUnsafeBytes { material in
            try step.withUnsafeBytes { try KeyWrap.wrapWithPadding(material, under: $0) }
        }
        return try step.withUnsafeBytes { try key.encryptOAEP($0, hash: hash) } + inner
    }

    @Test func `an imported AES key is the one that was brought; the same has the same check value`() async throws {
        let testToken = try await TestToken.make()
        let token = try await testToken.open()
        #expect(token.importMethods == [.oaepSHA1, .oaepSHA1AESKWP])
        let material = (0..<32).map { UInt8($0) &* 5 }
        var checkValues: Set<CheckValue?> = []
        for method in [ImportMethod.oaepSHA1, .oaepSHA1AESKWP] {
            let job = try await Self.job(token, method)
            let new = try await token.importKey(
                ImportMaterial(
                    algorithm: .aes256GCM96, usage: .encryptDecrypt, wrapped: try Self.wrap(material, under: job)),
                under: job)
            checkValues.insert(new.checkValue)
            let key = VersionKey(
                id: VersionID(key: KeyID(), number: .first), algorithm: .aes256GCM96, wrapped: new.wrapped)
            let box = try await token.encrypt(SecretBytes(copying: [1, 2, 3]), additionalData: [9], with: key)
            let sealed = try AES.GCM.SealedBox(combined: box.nonce + box.ciphertextAndTag)
            let opened = try AES.GCM.open(sealed, using: SymmetricKey(data: material), authenticating: [9])
            #expect(Array(opened) == [1, 2, 3])
            await token.forget(key.id)
        }
        #expect(checkValues.count == 1 && checkValues.first??.bytes.count == 16)
        let other = try await Self.job(token, .oaepSHA1)
        let new = try await token.importKey(
            ImportMaterial(
                algorithm: .aes256GCM96, usage: .encryptDecrypt,
                wrapped: try Self.wrap(material.reversed(), under: other)), under: other)
        #expect(!checkValues.contains(new.checkValue))
        let left = try testToken.withSession { try $0.findObjects([.token(false)], limit: 10).count }
        #expect(left == 0, "nothing stays in the token")
        await token.close()
    }

    @Test func `a private key on a curve comes in with its public half or without, and never with another`()
        async throws
    {
        let testToken = try await TestToken.make()
        let token = try await testToken.open()
        let job = try await Self.job(token, .oaepSHA1AESKWP)
        let mine = P256.Signing.PrivateKey()
        let other = P256.Signing.PrivateKey().publicKey
        let wrapped = try Self.wrap(Array(mine.derRepresentation), under: job)
        func bring(_ publicKey: [UInt8]?, as algorithm: KeyAlgorithm = .ecP256) async throws -> NewKey {
            try await token.importKey(
                ImportMaterial(
                    algorithm: algorithm, usage: .signVerify, wrapped: wrapped,
                    publicKey: publicKey.map { PublicKeyInfo(der: $0) }), under: job)
        }
        let new = try await bring(Array(mine.publicKey.derRepresentation))
        let key = VersionKey(
            id: VersionID(key: KeyID(), number: .first), algorithm: .ecP256, wrapped: new.wrapped)
        let digest = Array(SHA256.hash(data: [1, 2]))
        let raw = try await token.sign([digest], by: .ecdsaSHA256, with: key)[0]
        let signature = try P256.Signing.ECDSASignature(rawRepresentation: raw)
        #expect(mine.publicKey.isValidSignature(signature, for: [1, 2] as [UInt8]))
        await token.forget(key.id)
        let found = try await bring(nil)
        #expect(found.publicKey?.der == Array(mine.publicKey.derRepresentation), "found from a signature")
        for (publicKey, algorithm) in [
            (Array(other.derRepresentation), KeyAlgorithm.ecP256), (nil, .ecP384), ([1, 2, 3], .ecP256),
            (Array(mine.publicKey.derRepresentation), .ecP384), (Array(mine.publicKey.derRepresentation), .rsa2048),
        ] { await #expect(throws: TokenError.rejected) { _ = try await bring(publicKey, as: algorithm) } }
        let left = try testToken.withSession { try $0.findObjects([.token(false)], limit: 10).count }
        #expect(left == 0, "nothing stays in the token, also after refusals")
        await token.close()
    }

    @Test func `a private key that agrees on secrets comes in without its public half, too`() async throws {
        let testToken = try await TestToken.make()
        let token = try await testToken.open()
        let job = try await Self.job(token, .oaepSHA1AESKWP)
        let mine = P384.KeyAgreement.PrivateKey()
        let wrapped = try Self.wrap(Array(mine.derRepresentation), under: job)
        func bring(_ publicKey: P384.KeyAgreement.PublicKey?) async throws -> NewKey {
            try await token.importKey(
                ImportMaterial(
                    algorithm: .ecP384, usage: .keyAgreement, wrapped: wrapped,
                    publicKey: publicKey.map { PublicKeyInfo(der: Array($0.derRepresentation)) }), under: job)
        }
        for publicKey in [mine.publicKey, nil] {
            let new = try await bring(publicKey)
            #expect(new.publicKey?.der == Array(mine.publicKey.derRepresentation))
            let key = VersionKey(
                id: VersionID(key: KeyID(), number: .first), algorithm: .ecP384, usage: .keyAgreement,
                wrapped: new.wrapped)
            let other = P384.KeyAgreement.PrivateKey()
            let secret = try await token.agree(
                with: PublicKeyInfo(der: Array(other.publicKey.derRepresentation)), by: key)
            let expected = try other.sharedSecretFromKeyAgreement(with: mine.publicKey)
            #expect(secret.withUnsafeBytes { Array($0) } == expected.withUnsafeBytes { Array($0) })
            await token.forget(key.id)
        }
        let stranger = P384.KeyAgreement.PrivateKey().publicKey
        await #expect(throws: TokenError.rejected) { _ = try await bring(stranger) }
        let left = try testToken.withSession { try $0.findObjects([.token(false)], limit: 10).count }
        #expect(left == 0, "nothing stays in the token")
        await token.close()
    }

    @Test func `material that is broken, too short, too long or of another kind is rejected, each in the same way`()
        async throws
    {
        let testToken = try await TestToken.make()
        let token = try await testToken.open()
        for method in [ImportMethod.oaepSHA1, .oaepSHA1AESKWP] {
            let job = try await Self.job(token, method)
            let good = try Self.wrap([UInt8](repeating: 5, count: 32), under: job)
            var first = good
            first[10] ^= 1
            var last = good
            last[last.count - 1] ^= 1
            var broken: [[UInt8]] = [
                first, last, [], Array(good.dropLast()), good + [0], [UInt8](repeating: 0, count: good.count),
                [UInt8](repeating: 0xFF, count: good.count), Array(good.prefix(384)) + [1],
            ]
            for count in [1, 8, 16, 24, 25, 31, 33, 48, 64] {
                broken.append(try Self.wrap([UInt8](repeating: 5, count: count), under: job))
            }
            for wrapped in broken where wrapped != good {
                await #expect(throws: TokenError.rejected, "\(method.rawValue) \(wrapped.count)") {
                    _ = try await token.importKey(
                        ImportMaterial(algorithm: .aes256GCM96, usage: .encryptDecrypt, wrapped: wrapped), under: job)
                }
            }
            let hmac = try await token.importKey(
                ImportMaterial(
                    algorithm: .hmacSHA512, usage: .generateVerifyMAC,
                    wrapped: try Self.wrap([UInt8](repeating: 5, count: 64), under: job)), under: job)
            #expect(hmac.checkValue != nil)
        }
        let left = try testToken.withSession { try $0.findObjects([.token(false)], limit: 10).count }
        #expect(left == 0)
        await token.close()
    }

    @Test func `a method that the token has not proved is not offered`() async throws {
        let token = try await TestToken.make().open()
        let job = try await Self.job(token, .oaepSHA256AESKWP)
        await #expect(throws: TokenError.self) {
            _ = try await token.importKey(
                ImportMaterial(algorithm: .aes256GCM96, usage: .encryptDecrypt, wrapped: []), under: job)
        }
        await #expect(throws: TokenError.self) { _ = try await token.generateImportKey(.ecP256) }
        await token.close()
    }
}
