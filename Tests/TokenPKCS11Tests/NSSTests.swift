import Crypto
import KMSTesting
import KeyManagement
import LibCrypto
import PKCS11
import SecretMemory
import Testing

@testable import TokenPKCS11

/// A second implementation of PKCS #11 in addition to SoftHSM. ``NSSToken`` explains how it is opened although the service
/// refuses it.
@Suite struct NSSTests {
    @Test(arguments: TokenContract.all) func `the token contract holds on NSS`(_ clause: TokenClause) async throws {
        let token = try await NSSToken.made.value.open()
        try await clause.check(token)
        await token.close()
    }

    @Test func `the service makes no root keys in NSS, because it lets keys out, and changes nothing`() async throws {
        let nss = try await NSSToken.made.value
        #expect(
            nss.refusal
                == .tokenIncapable(
                    token: nss.probe.token,
                    missing: [
                        "wrapping: a way of wrapping: each that works also does what it has to refuse",
                        "refusals: copy it as extractable: was not refused",
                        "refusals: wrap it with a key of one's own by AES-KWP: was not refused",
                        "refusals: wrap it with a key of one's own by AES-KW: was not refused",
                    ]))
        #expect(nss.objectCount == 0)
    }

    @Test func `the probe offers nothing of NSS, and tells what works and what does not`() async throws {
        let probe = try await NSSToken.made.value.probe
        #expect(!probe.isSufficient)
        #expect(probe.wrapMechanism == nil && probe.algorithms == [] && probe.importMethods == [])
        let failed = probe.lines.filter { !$0.outcome.isGood && !$0.isRequired }.map { "\($0.group): \($0.operation)" }
        let again = "wrap the unwrapped key again"
        #expect(
            failed == [
                "wrapping: AES-KWP by CKM_AES_KEY_WRAP_KWP: \(again)",
                "wrapping: AES-KWP by CKM_AES_KEY_WRAP_PAD: wrap",
                "wrapping: AES-KW by CKM_AES_KEY_WRAP: \(again)",
                "HMAC-SHA224: \(again)", "HMAC-SHA256: \(again)", "HMAC-SHA384: \(again)", "HMAC-SHA512: \(again)",
                "EC-P256: \(again)", "EC-P384: \(again)", "EC-P521: \(again)", "EC-SECP256K1: generate and wrap",
                "ED25519: generate and wrap", "RSA: \(again)",
            ])
        for used in ["EC-P521: sign; the public key verifies", "import: RSA_AES_KEY_WRAP_SHA_256"] {
            #expect(probe.lines.contains { "\($0.group): \($0.operation)" == used && $0.outcome.isGood }, "\(used)")
        }
    }

    @Test func `root keys in NSS break the rule in that it says of no key that it was made there`() async throws {
        let nss = try await NSSToken.made.value
        let violations = ["kms-root-mac-1: CKA_LOCAL is false", "kms-root-wrap-1: CKA_LOCAL is false"]
        #expect(nss.violations == violations)
        let report = try await TokenAdministration.roots(nss.uri)
        #expect(report.keys.map(\.label) == ["kms-root-mac-1", "kms-root-wrap-1"])
        for key in report.keys {
            #expect(key.attributes.filter { !$0.isAsRequired }.map(\.name) == ["CKA_LOCAL"])
            #expect(key.attributes.contains { $0.name == "CKA_COPYABLE" && $0.value == nil })
        }
        await #expect(throws: TokenOpenError.rootsUnfit(token: nss.probe.token, violations: violations)) {
            try await PKCS11Token.open(TokenConfiguration(uri: nss.uri))
        }
    }

    @Test func `data-key pairs of all kinds leave NSS`() async throws {
        let token = try await NSSToken.made.value.open()
        let pair = try await token.generateDataKeyPair(.ecP256)
        let key = try P256.Signing.PrivateKey(derRepresentation: pair.privateKey.withUnsafeBytes { Array($0) })
        #expect(Array(key.publicKey.derRepresentation) == pair.publicKey.der)
        for algorithm in [KeyAlgorithm.ecP384, .ecP521, .rsa2048] { _ = try await token.generateDataKeyPair(algorithm) }
        await token.close()
    }

    @Test func `a private key on a curve comes into NSS with its public half, and only with its own`() async throws {
        let token = try await NSSToken.made.value.open()
        let job = try await ImportTests.job(token, .oaepSHA256AESKWP)
        let mine = P256.Signing.PrivateKey()
        let wrapped = try ImportTests.wrap(Array(mine.derRepresentation), under: job)
        func bring(_ publicKey: P256.Signing.PublicKey?, as algorithm: KeyAlgorithm = .ecP256) async throws -> NewKey {
            try await token.importKey(
                ImportMaterial(
                    algorithm: algorithm, usage: .signVerify, wrapped: wrapped,
                    publicKey: publicKey.map { PublicKeyInfo(der: Array($0.derRepresentation)) }), under: job)
        }
        let key = VersionKey(
            id: VersionID(key: KeyID(), number: .first), algorithm: .ecP256,
            wrapped: try await bring(mine.publicKey).wrapped)
        let raw = try await token.sign([Array(SHA256.hash(data: [1, 2]))], by: .ecdsaSHA256, with: key)[0]
        let signature = try P256.Signing.ECDSASignature(rawRepresentation: raw)
        #expect(mine.publicKey.isValidSignature(signature, for: [1, 2] as [UInt8]))
        #expect(try await bring(nil).publicKey?.der == Array(mine.publicKey.derRepresentation))
        let other = P256.Signing.PrivateKey().publicKey
        await #expect(throws: TokenError.rejected) { _ = try await bring(other) }
        await #expect(throws: TokenError.rejected) { _ = try await bring(nil, as: .ecP384) }
        await token.close()
    }

    @Test func `NSS in use is not had with another folder`() async throws {
        let nss = try await NSSToken.made.value
        let token = try await nss.open()
        var elsewhere = nss.uri
        elsewhere.initReserved = "configdir='sql:/nowhere' certPrefix='' keyPrefix='' secmod='secmod.db' flags="
        let uri = elsewhere
        let expected = TokenOpenError.moduleNotLoaded(
            "\(PKCS11Error.moduleNotLoaded(path: NSSToken.modulePath, reason: "this process has it in use with another x-init-reserved"))"
        )
        await #expect(throws: expected) { try await TokenAdministration.tokens(for: uri) }
        await token.close()
    }
}
