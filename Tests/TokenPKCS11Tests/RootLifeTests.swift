import KMSTesting
import KeyManagement
import PKCS11
import SecretMemory
import Testing

@testable import TokenPKCS11

/// Later root epochs, on the real SoftHSM.
@Suite struct RootLifeTests {
    @Test(arguments: TokenContract.rootLife) func `roots live and end on SoftHSM`(_ clause: TokenClause) async throws {
        let token = try await TestToken.make().open()
        try await clause.check(token)
        await token.close()
    }

    @Test(arguments: TokenContract.rootLife) func `roots live and end in memory`(_ clause: TokenClause) async throws {
        try await clause.check(MemoryToken())
    }

    /// Making or destroying an epoch can be interrupted between its two keys.
    @Test(arguments: ["kms-root-wrap-2", "kms-root-mac-2"])
    func `half an epoch does not stand in the way, and is made whole`(_ label: String) async throws {
        let testToken = try await TestToken.make()
        var token = try await testToken.open()
        let second = try #require(RootEpoch.first.next)
        let sealed = try await token.seal([[7]])[0]
        _ = try await token.makeRoots(second)
        await token.close()
        try testToken.withSession { session in
            for key in try session.findObjects([.label(label)]) { try session.destroyObject(key) }
        }
        token = try await testToken.open()
        #expect(token.identity.epoch == .first)
        #expect(try await token.verify([(sealed, [7])]) == [true])
        let identity = try await token.makeRoots(second)
        #expect(identity.epoch == second && identity.checkValues.count == 2)
        await token.close()
    }

    @Test func `what is left of a destroyed epoch is destroyed with the next call`() async throws {
        let testToken = try await TestToken.make()
        var token = try await testToken.open()
        _ = try await token.makeRoots(try #require(RootEpoch.first.next))
        await token.close()
        try testToken.withSession { session in
            for key in try session.findObjects([.label("kms-root-wrap-1")]) { try session.destroyObject(key) }
        }
        token = try await testToken.open()
        #expect(token.identity.checkValues.keys.map(\.number) == [2])
        _ = try await token.destroyRoots(.first)
        await token.close()
        let left = try testToken.withSession { session in try session.findObjects([.label("kms-root-mac-1")]).count }
        #expect(left == 0)
    }

    @Test func `another process's new roots are found when something is under them`() async throws {
        let testToken = try await TestToken.make()
        let (one, other) = (try await testToken.open(), try await testToken.open())
        _ = try await one.makeRoots(try #require(RootEpoch.first.next))
        let made = try await one.generateKey(.aes256GCM96, for: .encryptDecrypt)
        let seal = try await one.seal([[9]])[0]
        #expect(other.identity.epoch == .first)
        #expect(try await other.verify([(seal, [9])]) == [true])
        #expect(other.identity.epoch.number == 2)
        let key = VersionKey(
            id: VersionID(key: KeyID(), number: .first), algorithm: .aes256GCM96, usage: .encryptDecrypt,
            wrapped: made.wrapped)
        _ = try await other.encrypt([Encryption(SecretBytes(copying: [1]), additionalData: [1])], with: key)
        await one.close()
        await other.close()
    }

    @Test func `the token refuses each misuse of roots and versions, with a code`() async throws {
        let token = try await TestToken.make().open()
        var keys: [VersionKey] = []
        for algorithm in token.algorithms where algorithm != .rsa3072 && algorithm != .rsa4096 {
            for usage in algorithm.usages {
                let made = try await token.generateKey(algorithm, for: usage)
                keys.append(
                    VersionKey(
                        id: VersionID(key: KeyID(), number: .first), algorithm: algorithm, usage: usage,
                        wrapped: made.wrapped))
            }
        }
        let roots = try await token.examineRoots()
        let versions = try await token.examine(keys)
        #expect(roots.map(\.key) == ["kms-root-wrap-1", "kms-root-mac-1", "kms-audit-1"])
        #expect(versions.count == keys.count)
        for examination in roots + versions {
            #expect(examination.isGood, "\(examination)")
            #expect(examination.trials.count >= 7)
            #expect(examination.trials.allSatisfy { $0.code?.hasPrefix("CKR_") == true }, "\(examination.trials)")
            #expect(examination.attributes["CKA_EXTRACTABLE"] == "false")
        }
        let wrapping = try #require(roots.first)
        #expect(wrapping.attributes["CKA_LOCAL"] == "true" && wrapping.attributes["CKA_NEVER_EXTRACTABLE"] == "true")
        // The attempts have changed nothing.
        try await token.checkHealth()
        #expect(try await token.examineRoots() == roots)
        await token.close()
    }
}
