import Crypto
import SecretMemory
import Testing

@testable import KeyManagement

extension VerbCase {
    private static var secret: SecretBytes { SecretBytes(copying: Scene.plaintext) }

    /// The operations that use a key.
    static let uses: [VerbCase] = [
        VerbCase("encrypt(_:under:context:padding:by:)") { run in
            .ciphertexts([try await run.kms.encrypt(secret, under: run.reference, by: run.caller)])
        },
        VerbCase("encrypt(batch:under:by:)") { run in
            let items = [EncryptItem(plaintext: secret), EncryptItem(plaintext: secret)]
            let made = try await run.kms.encrypt(batch: items, under: run.reference, by: run.caller)
            return .ciphertexts(try made.map { try $0.get() })
        },
        VerbCase("issueDataKey(under:spec:context:includesPlaintext:by:)") { run in
            let made = try await run.kms.issueDataKey(under: run.reference, by: run.caller)
            let plaintext = try #require(made.plaintext).withUnsafeBytes { Array($0) }
            return .ciphertexts([made.ciphertext], of: plaintext)
        },
        VerbCase("issueDataKeys(batch:under:by:)") { run in
            let items = [DataKeyItem(), DataKeyItem()]
            let made = try await run.kms.issueDataKeys(batch: items, under: run.reference, by: run.caller)
            let first = try made[0].get()
            _ = try made[1].get()
            let plaintext = try #require(first.plaintext).withUnsafeBytes { Array($0) }
            return .ciphertexts([first.ciphertext], of: plaintext)
        },
        VerbCase("issueDataKeyPair(_:under:context:includesPlaintext:by:)") { run in
            let made = try await run.kms.issueDataKeyPair(.ecP256, under: run.reference, by: run.caller)
            let plaintext = try #require(made.privateKey).withUnsafeBytes { Array($0) }
            return .ciphertexts([made.ciphertext], of: plaintext)
        },
        VerbCase("decrypt(_:under:context:by:)") { run in
            let opened = try await run.kms.decrypt(
                run.scene.ciphertext, under: run.reference, by: run.caller)
            return try decrypted([opened], run.scene)
        },
        VerbCase("decrypt(batch:under:by:)") { run in
            let item = DecryptItem(ciphertext: run.scene.ciphertext)
            let opened = try await run.kms.decrypt(batch: [item, item], under: run.reference, by: run.caller)
            return try decrypted(try opened.map { try $0.get() }, run.scene)
        },
        // The token in memory has no RSA, so the operation is refused, and must be refused for the named key.
        VerbCase("decrypt(_:under:by:)") { run in
            let bare = BareCiphertext(bytes: [1, 2, 3], padding: .oaepSHA256)
            return Answer([try await run.kms.decrypt(bare, under: run.reference, by: run.caller).version.key])
        },
        VerbCase("reEncrypt(_:from:under:padding:by:)") { run in
            let item = ReEncryptItem(ciphertext: run.scene.ciphertext)
            let made = try await run.kms.reEncrypt(item, under: run.reference, by: run.caller)
            #expect(made.source == run.scene.ciphertext?.version)
            return .ciphertexts([made.ciphertext])
        },
        VerbCase("reEncrypt(batch:under:by:)") { run in
            let item = ReEncryptItem(ciphertext: run.scene.ciphertext)
            let made = try await run.kms.reEncrypt(batch: [item, item], under: run.reference, by: run.caller)
            return .ciphertexts(try made.map { try $0.get().ciphertext })
        },
        VerbCase("sign(_:with:algorithm:form:by:)", on: .signing) { run in
            .signatures([try await run.kms.sign(.message(Scene.plaintext), with: run.reference, by: run.caller)])
        },
        VerbCase("sign(batch:with:algorithm:form:by:)", on: .signing) { run in
            let inputs = [SigningInput.message(Scene.plaintext), .message(Scene.plaintext)]
            let made = try await run.kms.sign(batch: inputs, with: run.reference, by: run.caller)
            return .signatures(try made.map { try $0.get() })
        },
        VerbCase("verify(_:with:version:algorithm:form:by:)", on: .signing) { run in
            let (item, version) = try await signed(run)
            return .verified([try await run.kms.verify(item, with: run.reference, by: run.caller)], madeBy: version)
        },
        VerbCase("verify(batch:with:version:algorithm:form:by:)", on: .signing) { run in
            let (item, version) = try await signed(run)
            let all = try await run.kms.verify(batch: [item, item], with: run.reference, by: run.caller)
            return .verified(try all.map { try $0.get() }, madeBy: version)
        },
        VerbCase("generateMAC(of:with:by:)", on: .mac) { run in
            .codes([try await run.kms.generateMAC(of: Scene.plaintext, with: run.reference, by: run.caller)])
        },
        VerbCase("generateMAC(ofBatch:with:by:)", on: .mac) { run in
            let messages = [Scene.plaintext, Scene.plaintext]
            let made = try await run.kms.generateMAC(ofBatch: messages, with: run.reference, by: run.caller)
            return .codes(try made.map { try $0.get() })
        },
        VerbCase("verifyMAC(_:with:version:by:)", on: .mac) { run in
            let (item, version) = try await authenticated(run)
            return .verified([try await run.kms.verifyMAC(item, with: run.reference, by: run.caller)], madeBy: version)
        },
        VerbCase("verifyMAC(batch:with:version:by:)", on: .mac) { run in
            let (item, version) = try await authenticated(run)
            let all = try await run.kms.verifyMAC(batch: [item, item], with: run.reference, by: run.caller)
            return .verified(try all.map { try $0.get() }, madeBy: version)
        },
        VerbCase("deriveSharedSecret(with:of:version:by:)", on: .agreement) { run in
            let other = P256.KeyAgreement.PrivateKey()
            let agreed = try await run.kms.deriveSharedSecret(
                with: Array(other.publicKey.derRepresentation), of: run.reference, by: run.caller)
            return Answer([agreed.version.key]) { versions, _ in
                let der = try #require(versions[agreed.version]?.publicKey?.der)
                let key = try P256.KeyAgreement.PublicKey(derRepresentation: der)
                let expected = try other.sharedSecretFromKeyAgreement(with: key).withUnsafeBytes { Array($0) }
                return agreed.secret.withUnsafeBytes { Array($0) } == expected
            }
        },
    ]

    private static func decrypted(_ all: [Decrypted], _ scene: Scene) throws -> Answer {
        for one in all { #expect(one.plaintext.text == String(decoding: Scene.plaintext, as: UTF8.self)) }
        return Answer(all.map(\.version.key))
    }

    /// Returns a signature that the target made earlier.
    private static func signed(_ run: Run) async throws -> (VerifyItem, VersionID) {
        let input = SigningInput.message(Scene.plaintext)
        let made = try await run.other.sign(input, with: .id(run.scene.target.id), by: try Scene.caller("manager"))
        return (VerifyItem(input: input, signature: made.signature), made.version)
    }

    private static func authenticated(_ run: Run) async throws -> (VerifyMACItem, VersionID) {
        let made = try await run.other.generateMAC(
            of: Scene.plaintext, with: .id(run.scene.target.id), by: try Scene.caller("manager"))
        return (VerifyMACItem(message: Scene.plaintext, code: made.code), made.version)
    }

    /// The operations that read a key.
    static let views: [VerbCase] = [
        VerbCase("describeKey(_:for:context:by:)") { run in
            .key(try await run.kms.describeKey(run.reference, by: run.caller))
        },
        VerbCase("describeVersion(_:of:by:)") { run in
            Answer([try await run.kms.describeVersion(.first, of: run.reference, by: run.caller).id.key])
        },
        VerbCase("versionUsage(_:of:by:)") { run in
            _ = try await run.kms.versionUsage(.first, of: run.reference, by: run.caller)
            return Answer([])
        },
        VerbCase("readKeyUsage(of:by:)") { run in
            let uses = try await run.kms.readKeyUsage(of: run.reference, by: run.caller)
            return Answer(uses.map(\.key))
        },
        VerbCase("listVersions(of:after:limit:for:by:)") { run in
            let page = try await run.kms.listVersions(of: run.reference, by: run.caller)
            return Answer(page.items.map(\.id.key))
        },
        VerbCase("publicKey(of:version:by:)", on: .signing) { run in
            let key = try await run.kms.publicKey(of: run.reference, by: run.caller)
            return Answer([key.version.key]) { versions, _ in versions[key.version]?.publicKey?.der == key.der }
        },
        VerbCase("listGrants(of:by:)") { run in
            .key(try await run.kms.listGrants(of: run.reference, by: run.caller).key)
        },
        VerbCase("listAliases(of:after:limit:by:)") { run in
            let page = try await run.kms.listAliases(of: run.reference, by: run.caller)
            return Answer(page.items.map(\.key))
        },
        VerbCase("explainAccess(of:to:_:in:by:)") { run in
            let explanation = try await run.kms.explainAccess(
                of: try SubjectID("user"), to: run.reference, .encrypt, in: try Service.shop,
                by: try Scene.caller("admin").principal)
            return Answer([explanation.key?.id].compactMap(\.self))
        },
    ]
}
