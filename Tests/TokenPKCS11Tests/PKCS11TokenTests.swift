import Crypto
import Foundation
import KMSTesting
import KeyManagement
import PKCS11
import SecretMemory
import Testing

@testable import TokenPKCS11

@Suite struct PKCS11TokenTests {
    @Test(arguments: TokenContract.all) func `the token contract holds on SoftHSM`(_ clause: TokenClause) async throws {
        let token = try await TestToken.make().open()
        try await clause.check(token)
        await token.close()
    }

    @Test(arguments: TokenContract.all) func `the token contract holds in memory`(_ clause: TokenClause) async throws {
        try await clause.check(MemoryToken())
    }

    @Test func `SoftHSM gets one worker, and wraps by RFC 5649`() async throws {
        let token = try await TestToken.make().open()
        #expect(token.workerCount == 1)
        #expect(token.probe.wrapMechanism == .aesKWP)
        #expect(token.algorithms == Set(KeyAlgorithm.allCases).subtracting([.ed25519]))
        await token.close()
    }

    /// Includes AES-KW, which is not SoftHSM's best mechanism: a store may have been made before the token supported a better
    /// one.
    @Test(arguments: [(WrapMechanism.aesKWP, Mechanism.aesKeyWrapPad), (.aesKW, .aesKeyWrap)])
    func `what the token encrypts, swift-crypto decrypts with the same key`(
        _ standard: WrapMechanism, _ mechanism: Mechanism
    ) async throws {
        let testToken = try await TestToken.make()
        let material = SymmetricKey(size: .bits256)
        // A version key can only be known by creating it and wrapping it with the root, which no part of the service can do.
        let blob = try testToken.withSession { session in
            let root = try #require(try session.findObjects([.label("kms-root-wrap-1")], limit: 1).first)
            let known = try session.createObject([
                .class(.secretKey), .keyType(.aes), .token(false), .extractable(true), .sensitive(true),
                Attribute(.value, bytes: material.withUnsafeBytes(Array.init)),
            ])
            return try session.wrapKey(known, with: root, mechanism)
        }
        let token = try await testToken.open()
        let key = VersionKey(
            id: VersionID(key: KeyID(), number: .first), algorithm: .aes256GCM96,
            wrapped: WrappedKey(mechanism: standard, epoch: .first, blob: blob))
        let plaintext = SecretBytes(copying: Array("known to both".utf8))
        let box = try await token.encrypt(plaintext, additionalData: [1, 2, 3], with: key)
        let sealed = try AES.GCM.SealedBox(combined: box.nonce + box.ciphertextAndTag)
        #expect(try AES.GCM.open(sealed, using: material, authenticating: [1, 2, 3]) == Data("known to both".utf8))
        let made = try AES.GCM.seal(Array("the other way".utf8), using: material, authenticating: [4])
        let theirs = SealedBox(nonce: Array(made.nonce), ciphertextAndTag: Array(made.ciphertext) + Array(made.tag))
        let back = try await token.decrypt(theirs, additionalData: [4], with: key)
        #expect(back == SecretBytes(copying: Array("the other way".utf8)))
        await token.close()
    }

    @Test func `more keys than handles all work, and no more handles than allowed are kept`() async throws {
        let token = try await TestToken.make().open(handleCapacity: 3)
        var keys: [VersionKey] = []
        var boxes: [SealedBox] = []
        for _ in 0..<10 {
            let key = VersionKey(
                id: VersionID(key: KeyID(), number: .first), algorithm: .aes256GCM96,
                wrapped: try await token.generateWrappedKey(.aes256GCM96))
            keys.append(key)
            boxes.append(try await token.encrypt(SecretBytes(copying: [9]), additionalData: [1], with: key))
            #expect(token.handleCount <= 3)
        }
        for (key, box) in zip(keys, boxes) {
            #expect(try await token.decrypt(box, additionalData: [1], with: key) == SecretBytes(copying: [9]))
        }
        #expect(token.handleCount == 3)
        await token.close()
    }

    @Test func `many workers and evictions under load give no wrong answer`() async throws {
        // Other tests keep SoftHSM busy for seconds by generating RSA pairs; no caller may be refused because of that.
        let token = try await TestToken.make().open(workers: 4, handleCapacity: 2, deadline: .seconds(60))
        var keys: [VersionKey] = []
        for _ in 0..<6 {
            keys.append(
                VersionKey(
                    id: VersionID(key: KeyID(), number: .first), algorithm: .aes256GCM96,
                    wrapped: try await token.generateWrappedKey(.aes256GCM96)))
        }
        let shared = keys
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<300 {
                group.addTask {
                    let key = shared[number % shared.count]
                    let own = SecretBytes(copying: Array("\(number)".utf8))
                    let box = try await token.encrypt(own, additionalData: [7], with: key)
                    return try await token.decrypt(box, additionalData: [7], with: key) == own
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
        await token.close()
    }

    @Test func `a version key in the token is sensitive and cannot be taken out`() async throws {
        let testToken = try await TestToken.make()
        let token = try await testToken.open()
        let key = VersionKey(
            id: VersionID(key: KeyID(), number: .first), algorithm: .aes256GCM96,
            wrapped: try await token.generateWrappedKey(.aes256GCM96))
        _ = try await token.encrypt(SecretBytes(copying: [1]), additionalData: [1], with: key)
        try testToken.withSession { session in
            // Session objects of the process are visible to all its sessions, so an attacker with the PIN sees them as this test
            // does.
            let objects = try session.findObjects([.class(.secretKey), .token(false)], limit: 10)
            #expect(objects.count == 1)
            let handle = try #require(objects.first)
            #expect(try session.bool(.sensitive, of: handle))
            #expect(try !session.bool(.extractable, of: handle))
            let root = try #require(try session.findObjects([.label("kms-root-wrap-1")], limit: 1).first)
            let reading = refusal { () throws(PKCS11Error) in _ = try session.bytes(.value, of: handle) }
            #expect(reading == .returned(.attributeSensitive, from: .getAttributeValue))
            let wrapping = refusal { () throws(PKCS11Error) in
                _ = try session.wrapKey(handle, with: root, .aesKeyWrap)
            }
            #expect(wrapping == .returned(.keyUnextractable, from: .wrapKey))
        }
        await token.close()
    }

    @Test func `a closed token refuses work`() async throws {
        let token = try await TestToken.make().open()
        await token.close()
        await #expect(throws: TokenError.unavailable("the token is being closed")) { try await token.checkHealth() }
    }

    /// Returns the error of a call on a session; `#expect(throws:)` cannot borrow one.
    private func refusal(_ body: () throws(PKCS11Error) -> Void) -> PKCS11Error? {
        do throws(PKCS11Error) {
            try body()
            return nil
        } catch {
            return error
        }
    }
}
