import AuditFiles
import Foundation
import KMSTesting
import KeyManagement
import LibCrypto
import Logging
import PKCS11
import Testing

@testable import TokenPKCS11

@Suite struct AuditKeyTests {
    @Test func `the audit key is in the token as the design says`() async throws {
        let token = try await TestToken.make()
        let expected: [AttributeType: Bool] = [
            .token: true, .private: true, .sensitive: true, .alwaysSensitive: true, .extractable: false,
            .neverExtractable: true, .local: true, .modifiable: false, .copyable: false, .sign: true, .decrypt: false,
            .unwrap: false, .derive: false,
        ]
        try token.withSession { session in
            let halves = try session.findObjects([.label("kms-audit-1")], limit: 3)
            let privateKey = try #require(try session.findObjects([.label("kms-audit-1"), .class(.privateKey)]).first)
            let publicKey = try #require(try session.findObjects([.label("kms-audit-1"), .class(.publicKey)]).first)
            #expect(Set(halves) == [privateKey, publicKey])
            for (attribute, value) in expected {
                #expect(try session.bool(attribute, of: privateKey) == value, "\(attribute)")
            }
            for (attribute, value) in [AttributeType.token: true, .verify: true, .modifiable: false, .wrap: false] {
                #expect(try session.bool(attribute, of: publicKey) == value, "\(attribute)")
            }
            #expect(try session.bytes(.id, of: privateKey) == session.bytes(.id, of: publicKey))
            #expect(try session.bytes(.id, of: privateKey).count == 16)
        }
    }

    @Test func `OpenSSL verifies what the audit key signs`() async throws {
        let token = try await TestToken.make().open()
        let info = try #require(token.auditKey)
        let message = Array("a checkpoint".utf8)
        let raw = try await token.signAudit(HashFunction.sha256.digest(of: message))
        await token.close()
        #expect(raw.count == 64)
        let folder = FileManager.default.temporaryDirectory.path + "/hsm-kms-audit-key-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let signature = try #require(ECDSASignature.der(fromRaw: raw))
        for (name, bytes) in ["key": info.der, "signature": signature, "message": message] {
            try Data(bytes).write(to: URL(filePath: "\(folder)/\(name)"))
        }
        let child = try ChildProcess(
            "/usr/bin/env",
            [
                "openssl", "dgst", "-sha256", "-verify", "\(folder)/key", "-keyform", "DER", "-signature",
                "\(folder)/signature", "\(folder)/message",
            ], environment: ProcessInfo.processInfo.environment)
        #expect(child.wait() == 0)
    }

    @Test func `a chain signed in the token is verified without it`() async throws {
        let token = try await TestToken.make().open()
        let folder = FileManager.default.temporaryDirectory.path + "/hsm-kms-audit-chain-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let signer = try #require(TokenCheckpointSigner(token))
        let trail = try await AuditTrail.open(
            AuditConfiguration(directory: folder), signer: signer,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        try await trail.append(
            AuditEntry(
                time: SystemWallClock().now, requestID: "1", subject: nil, verb: "encrypt", outcome: .denied,
                code: "ACCESS_DENIED", reason: "test"))
        await trail.close()
        await token.close()
        var verifier = try AuditVerifier(directory: folder, publicKeys: [signer.publicKey])
        verifier.requiresFinalCheckpoint = true
        let report = try verifier.verify()
        #expect(report.isWhole && report.checkpoints == 1, "\(report.findings)")
    }

    @Test func `only whole digests are signed`() async throws {
        let token = try await TestToken.make().open()
        await #expect(throws: TokenError.self) { _ = try await token.signAudit([1, 2, 3]) }
        await token.close()
    }

    @Test func `a token without an audit key serves, says so, and is given one once`() async throws {
        let token = try await TestToken.make()
        try token.withSession { session in
            for half in try session.findObjects([.label("kms-audit-1")]) { try session.destroyObject(half) }
        }
        let without = try await token.open()
        #expect(without.auditKey == nil)
        await #expect(throws: TokenError.unsupported("the token has no audit key")) {
            _ = try await without.signAudit([UInt8](repeating: 0, count: 32))
        }
        await without.close()
        #expect(try await TokenAdministration.auditKey(token.uri) == nil)
        let made = try await TokenAdministration.makeAuditKey(token.uri)
        #expect(try await TokenAdministration.auditKey(token.uri) == made)
        await #expect(throws: TokenOpenError.self) { _ = try await TokenAdministration.makeAuditKey(token.uri) }
        let with = try await token.open()
        #expect(with.auditKey == made.publicKey)
        await with.close()
    }

    @Test func `a token without root keys is given no audit key by itself`() async throws {
        let token = try await TestToken.make(withRoots: false)
        await #expect(throws: TokenOpenError.self) { _ = try await TokenAdministration.makeAuditKey(token.uri) }
    }

    @Test(arguments: [
        ("CKA_EXTRACTABLE", Attribute.extractable(true)), ("CKA_SENSITIVE", .sensitive(false)),
        ("CKA_DECRYPT", .decrypt(true)), ("CKA_DERIVE", .derive(true)), ("CKA_MODIFIABLE", .modifiable(true)),
    ])
    func `an audit key with a wrong attribute is refused by name`(_ name: String, _ wrong: Attribute) async throws {
        let token = try await TestToken.make()
        try token.withSession { session in
            for half in try session.findObjects([.label("kms-audit-1")]) { try session.destroyObject(half) }
            var attributes = KeyTemplates.auditPrivateKey(label: AuditKey.label, id: [1]).attributes
            attributes.removeAll { $0.type == wrong.type }
            _ = try session.generateKeyPair(
                .ecKeyPairGen, publicKey: KeyTemplates.auditPublicKey(label: AuditKey.label, id: [1]),
                privateKey: Template(attributes + [wrong]))
        }
        let violations = await violations(token)
        #expect(violations.contains { $0.hasPrefix("kms-audit-1: \(name)") }, "\(violations)")
    }

    @Test func `two audit keys, and halves of two pairs, are refused`() async throws {
        let token = try await TestToken.make()
        try token.withSession { session in
            _ = try session.generateKeyPair(
                .ecKeyPairGen, publicKey: KeyTemplates.auditPublicKey(label: AuditKey.label, id: [1]),
                privateKey: KeyTemplates.auditPrivateKey(label: AuditKey.label, id: [1]))
        }
        #expect(await violations(token) == ["2 private and 2 public keys are labelled kms-audit-1"])
        try token.withSession { session in
            let privateKey = try session.findObjects([.label("kms-audit-1"), .class(.privateKey), .id([1])])
            let publicKeys = try session.findObjects([.label("kms-audit-1"), .class(.publicKey)])
            for key in privateKey { try session.destroyObject(key) }
            for key in publicKeys where try session.bytes(.id, of: key) != [1] { try session.destroyObject(key) }
        }
        #expect(await violations(token) == ["kms-audit-1: the two halves are not a pair"])
    }

    private func violations(_ token: TestToken) async -> [String] {
        do throws(TokenOpenError) {
            let opened = try await PKCS11Token.open(TokenConfiguration(uri: token.uri))
            await opened.close()
            return ["opened"]
        } catch {
            guard case .auditKeyUnfit(_, let violations) = error else { return ["\(error)"] }
            return violations
        }
    }
}
