import Foundation
import Glibc
import KeyManagement
import Logging
import SecretMemory
import Testing
import TokenProcess

/// A compromised token process that answers wrongly, in every way and to every call: `HostileToken`. The service gets a retryable
/// error, by the deadline, and another process.
@Suite(.serialized) struct HostileProcessTests {
    private static let program = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        .appending(path: "HostileToken").path
    private static let deadline = Duration.milliseconds(400)

    private func open(
        _ way: String, at start: Bool = false, deadline: Duration = Self.deadline
    ) async throws -> RemoteToken {
        try await RemoteToken.open(
            TokenProcessConfiguration(
                program: Self.program, arguments: [way] + (start ? ["start"] : []), environment: [:],
                deadline: deadline, generationDeadline: deadline, startDeadline: .seconds(2),
                silenceLimit: deadline * 2),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// A request, and whether the program has a right answer to it.
    private struct Call {
        let name: String
        var isRight = true
        let make: @Sendable (RemoteToken) async throws(TokenError) -> Void

        init(
            _ name: String, isRight: Bool = true,
            _ make: @escaping @Sendable (RemoteToken) async throws(TokenError) -> Void
        ) {
            self.name = name
            self.isRight = isRight
            self.make = make
        }
    }

    private static let wrapped = WrappedKey(mechanism: .aesKWP, epoch: .first, blob: [UInt8](repeating: 1, count: 40))
    private static let two: [[UInt8]] = [[1], [2]]
    private static let secret = SecretBytes(copying: [UInt8](repeating: 1, count: 32))
    private static let publicKey = PublicKeyInfo(der: [0x30, 0])

    private static func key(_ algorithm: KeyAlgorithm, _ usage: KeyUsage) -> VersionKey {
        VersionKey(
            id: VersionID(key: KeyID(), number: .first), algorithm: algorithm, usage: usage, wrapped: wrapped)
    }

    private static func calls() throws -> [Call] {
        let aes = key(.aes256GCM96, .encryptDecrypt)
        let rsa = key(.rsa2048, .encryptDecrypt)
        let signing = key(.ecP256, .signVerify)
        let agreeing = key(.ecP256, .keyAgreement)
        let hmac = key(.hmacSHA256, .generateVerifyMAC)
        let box = SealedBox(
            nonce: [UInt8](repeating: 0, count: 12), ciphertextAndTag: [UInt8](repeating: 0, count: 48))
        let job = ImportJob(
            id: ImportJobID(), project: try ProjectID("p"), subject: try SubjectID("s"), wrappingAlgorithm: .rsa4096,
            method: .oaepSHA256, publicKey: publicKey, wrapped: wrapped, createdAt: Timestamp(milliseconds: 0),
            expiresAt: Timestamp(milliseconds: 1))
        let material = ImportMaterial(algorithm: .aes256GCM96, usage: .encryptDecrypt, wrapped: [1])
        let rewrap = KeyToRewrap(
            name: "k", algorithm: .aes256GCM96, purpose: .version(.encryptDecrypt), wrapped: wrapped, publicKey: nil)
        return [
            Call("generateKey") { (token) throws(TokenError) in
                _ = try await token.generateKey(.aes256GCM96, for: .encryptDecrypt)
            },
            Call("seal") { (token) throws(TokenError) in _ = try await token.seal(two) },
            Call("verify") { (token) throws(TokenError) in
                _ = try await token.verify(two.map { (Seal(epoch: .first, code: [1]), $0) })
            },
            Call("encrypt") { (token) throws(TokenError) in
                _ = try await token.encrypt(two.map { Encryption(secret, additionalData: $0) }, with: aes)
            },
            Call("decrypt") { (token) throws(TokenError) in
                _ = try await token.decrypt(two.map { Decryption(box, additionalData: $0) }, with: aes)
            },
            Call("issueDataKeys") { (token) throws(TokenError) in
                _ = try await token.issueDataKeys(
                    two.map { DataKeyOrder(byteCount: 32, additionalData: $0) }, with: aes)
            },
            Call("sign") { (token) throws(TokenError) in
                _ = try await token.sign(two, by: .ecdsaSHA256, with: signing)
            },
            Call("authenticate") { (token) throws(TokenError) in _ = try await token.authenticate(two, with: hmac) },
            Call("decryptAsymmetric") { (token) throws(TokenError) in
                _ = try await token.decrypt(two, by: .oaepSHA256, with: rsa)
            },
            Call("generateDataKeyPair") { (token) throws(TokenError) in
                _ = try await token.generateDataKeyPair(.ecP256)
            },
            Call("generateImportKey") { (token) throws(TokenError) in _ = try await token.generateImportKey(.ecP256) },
            Call("importKey") { (token) throws(TokenError) in _ = try await token.importKey(material, under: job) },
            // The program cannot sign.
            Call("signAudit", isRight: false) { (token) throws(TokenError) in
                _ = try await token.signAudit([UInt8](repeating: 1, count: 32))
            },
            Call("random") { (token) throws(TokenError) in _ = try await token.random(byteCount: 32) },
            Call("checkHealth") { (token) throws(TokenError) in try await token.checkHealth() },
            Call("readIdentity") { (token) throws(TokenError) in _ = try await token.readIdentity() },
            Call("makeRoots") { (token) throws(TokenError) in _ = try await token.makeRoots(.first) },
            Call("destroyRoots") { (token) throws(TokenError) in _ = try await token.destroyRoots(.first) },
            Call("rewrap") { (token) throws(TokenError) in _ = try await token.rewrap([rewrap, rewrap]) },
            Call("facts") { (token) throws(TokenError) in _ = try await token.facts() },
            Call("examineRoots") { (token) throws(TokenError) in _ = try await token.examineRoots() },
            // Nor does it know the keys of the request.
            Call("examine", isRight: false) { (token) throws(TokenError) in _ = try await token.examine([aes, hmac]) },
            Call("wrapSecret") { (token) throws(TokenError) in _ = try await token.wrapSecret(secret) },
            Call("agree") { (token) throws(TokenError) in _ = try await token.agree(with: publicKey, by: agreeing) },
        ]
    }

    @Test func `right answers are taken, and the process goes on`() async throws {
        // Long enough that no delay matters, even on a busy machine.
        let token = try await open("right", deadline: .seconds(20))
        let first = token.processID
        for call in try Self.calls() where call.isRight {
            await #expect(throws: Never.self, "\(call.name)") { try await call.make(token) }
        }
        await token.forget(VersionID(key: KeyID(), number: .first))
        #expect(token.processID == first && first != nil)
        await token.close()
    }

    private static let wrongWays = [
        "exits", "garbage", "empty", "truncated", "trailing", "hugeFrame", "hugeBody", "hugeCount", "hugeText",
        "badText",
        "unknownKind", "unknownID", "flood", "tooFew", "tooMany", "wrongLength",
    ]

    @Test(arguments: wrongWays)
    func `whatever is wrong with an answer, the caller may try again and the process is replaced`(
        _ way: String
    ) async throws {
        let token = try await open(way)
        for call in try Self.calls() { try await expectRefusal(of: call, by: token, way) }
        // An answer to a call without a result is checked as well.
        let last = try await processID(of: token, otherThan: nil)
        await token.forget(VersionID(key: KeyID(), number: .first))
        _ = try await processID(of: token, otherThan: last)
        await token.close()
    }

    @Test(arguments: ["silent", "pingsOnly", "trickle", "closes"])
    func `a process that does not answer is replaced, and callers are answered by the deadline`(
        _ way: String
    ) async throws {
        let token = try await open(way)
        for call in try Self.calls() where ["encrypt", "generateKey", "seal"].contains(call.name) {
            try await expectRefusal(of: call, by: token, way)
        }
        await token.close()
    }

    @Test func `a signature of the right length that does not verify is not handed on, and ends the process`()
        async throws
    {
        let token = try await open("right")
        let first = try #require(token.processID)
        let key = VersionKey(
            id: VersionID(key: KeyID(), number: .first), algorithm: .ecP256, usage: .signVerify, wrapped: Self.wrapped,
            publicKey: token.auditKey)
        let digests = [UInt8](1...2).map { [UInt8](repeating: $0, count: 32) }
        await #expect(throws: TokenError.unavailable("the token's process made a signature that does not verify")) {
            _ = try await token.sign(digests, by: .ecdsaSHA256, with: key)
        }
        _ = try await processID(of: token, otherThan: first)
        await token.close()
    }

    @Test func `an answer that comes twice ends the process`() async throws {
        let token = try await open("twice")
        let first = try #require(token.processID)
        try await token.checkHealth()
        _ = try await processID(of: token, otherThan: first)
        await token.close()
    }

    @Test(arguments: wrongWays + ["silent", "trickle", "closes"])
    func `a process that does not open its token as it should is refused, and no more`(_ way: String) async throws {
        await #expect(throws: TokenProcessError.self) { _ = try await open(way, at: true) }
    }

    @Test(arguments: ["hugeWorkers", "noEpoch", "sameEpoch", "hugeEpochs", "badAuditKey"])
    func `a description that cannot be is refused`(_ way: String) async throws {
        await #expect(throws: TokenProcessError.self) { _ = try await open(way, at: true) }
    }

    // MARK: -

    private func expectRefusal(of call: Call, by token: RemoteToken, _ way: String) async throws {
        let first = try await processID(of: token, otherThan: nil)
        let started = ContinuousClock.now
        do throws(TokenError) {
            try await call.make(token)
            Issue.record("\(call.name) believes an answer that is \(way)")
        } catch {
            switch error {
            case .busy, .unavailable: break
            default: Issue.record("\(call.name), \(way): \(error)")
            }
        }
        #expect(ContinuousClock.now - started < Self.deadline + .seconds(1), "\(call.name), \(way)")
        _ = try await processID(of: token, otherThan: first)
    }

    /// Returns the number of the token's process after it was replaced.
    private func processID(of token: RemoteToken, otherThan earlier: Int32?) async throws -> Int32 {
        for _ in 0..<2000 {
            if let now = token.processID, now != earlier { return now }
            // The new process needs time to start.
            try await Task.sleep(for: .milliseconds(5))
        }
        throw NotReplaced()
    }

    private struct NotReplaced: Error {}
}
