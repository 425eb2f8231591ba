import KMSTesting
import KeyManagement
import PKCS11
import SecretMemory
import Synchronization
import Testing

@testable import TokenPKCS11

/// The recovery of a token whose sessions, login or library are lost while the service runs. The token is the real SoftHSM;
/// another part of the same process closes its sessions and logs its user out.
@Suite struct RecoveryTests {
    private static let plaintext = SecretBytes(copying: Array("still there".utf8))

    private struct Bench {
        let testToken: TestToken
        let token: PKCS11Token
        let key: VersionKey
        let box: SealedBox

        static func make(workers: Int = 1) async throws -> Bench {
            let testToken = try await TestToken.make()
            let token = try await testToken.open(workers: workers)
            let key = VersionKey(
                id: VersionID(key: KeyID(), number: .first), algorithm: .aes256GCM96,
                wrapped: try await token.generateWrappedKey(.aes256GCM96))
            let box = try await token.encrypt(plaintext, additionalData: [1], with: key)
            return Bench(testToken: testToken, token: token, key: key, box: box)
        }

        func decrypt() async throws(TokenError) -> SecretBytes {
            try await token.decrypt(box, additionalData: [1], with: key)
        }

        /// Retries until it works; returns the errors thrown before.
        func decryptAtLast() async throws -> [TokenError] {
            var failures: [TokenError] = []
            let end = ContinuousClock.now + .seconds(5)
            while true {
                do throws(TokenError) {
                    #expect(try await decrypt() == RecoveryTests.plaintext)
                    return failures
                } catch {
                    failures.append(error)
                    guard ContinuousClock.now < end else { throw error }
                    // The token is being connected again; nothing else can be waited for.
                    try await Task.sleep(for: .milliseconds(5))
                }
            }
        }
    }

    private static func isUnavailable(_ error: TokenError) -> Bool {
        if case .unavailable = error { true } else { false }
    }

    @Test func `a lost login is made anew, and no handle of before is used`() async throws {
        let bench = try await Bench.make()
        try bench.testToken.withSession { session in try session.logout() }
        let failures = try await bench.decryptAtLast()
        #expect(failures.allSatisfy(Self.isUnavailable), "\(failures)")
        #expect(bench.token.connections.connection?.generation == 2)
        #expect(bench.token.handleCount == 1)
        await bench.token.close()
    }

    @Test func `lost sessions are replaced, and the token is used again`() async throws {
        let bench = try await Bench.make(workers: 2)
        try bench.testToken.withSession { session in try session.slot.closeAllSessions() }
        let failures = try await bench.decryptAtLast()
        #expect(failures.allSatisfy(Self.isUnavailable), "\(failures)")
        try await bench.token.checkHealth()
        #expect(try await bench.token.signAudit([UInt8](repeating: 7, count: 32)).count == 64)
        _ = try await bench.token.generateWrappedKey(.aes256GCM96)
        await bench.token.close()
    }

    /// True once the test no longer makes the token lose anything.
    private final class Losses: Sendable {
        let areOver = Atomic(false)
    }

    @Test(.timeLimit(.minutes(3))) func `under load, losses cost time only: no answer is wrong`() async throws {
        let bench = try await Bench.make()
        let losses = Losses()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in 0..<8 {
                group.addTask {
                    var (right, number) = (0, 0)
                    // Beyond the last loss until an answer is right, however long the token takes to be back.
                    while !losses.areOver.load(ordering: .relaxed) || right == 0 {
                        number += 1
                        let own = SecretBytes(copying: Array("\(client) \(number)".utf8))
                        do throws(TokenError) {
                            let box = try await bench.token.encrypt(own, additionalData: [7], with: bench.key)
                            #expect(try await bench.token.decrypt(box, additionalData: [7], with: bench.key) == own)
                            right += 1
                        } catch {
                            #expect(Self.isUnavailable(error), "\(error)")
                            try await Task.sleep(for: .milliseconds(10))
                        }
                    }
                }
            }
            for number in 0..<6 {
                _ = try await bench.decryptAtLast()
                // On the token's only thread, because SoftHSM crashes if a session is closed during a call of another.
                try? await bench.token.onWorker { (connection) throws(TokenError) in
                    if number.isMultiple(of: 2) {
                        try? connection.located.slot.closeAllSessions()
                    } else {
                        try? connection.withSession { (session) throws(PKCS11Error) in try session.logout() }
                    }
                }
            }
            losses.areOver.store(true, ordering: .relaxed)
            try await group.waitForAll()
        }
        _ = try await bench.decryptAtLast()
        await bench.token.close()
    }

    @Test func `garbage to decrypt is rejected, and never counts as a lost token`() async throws {
        let bench = try await Bench.make()
        for length in [16, 17, 48, 64] {
            let garbage = SealedBox(
                nonce: bench.box.nonce, ciphertextAndTag: [UInt8](repeating: 5, count: length))
            await #expect(throws: TokenError.rejected, "\(length) bytes") {
                try await bench.token.decrypt(garbage, additionalData: [1], with: bench.key)
            }
        }
        #expect(bench.token.connections.connection?.generation == 1)
        #expect(try await bench.decrypt() == Self.plaintext)
        await bench.token.close()
    }

    @Test func `a PIN that is refused ends the attempts`() async throws {
        let testToken = try await TestToken.make()
        let path = try testToken.pinFile()
        var uri = testToken.uri
        uri.pinSource = "file:\(path)"
        let token = try await PKCS11Token.open(TokenConfiguration(uri: uri))
        try testToken.write("not-the-pin", to: path)
        try testToken.withSession { session in try session.logout() }
        let reason = try await Self.firstReason(of: token) { $0.contains("not tried again") }
        #expect(reason.contains("refuses the PIN"))
        // Even the right PIN is no longer tried: an operator must act and restart the service.
        try testToken.write(TestToken.pin, to: path)
        let later = try await Self.firstReason(of: token) { _ in true }
        #expect(later.contains("not tried again"))
        await token.close()
        let again = try await testToken.open()
        try await again.checkHealth()
        await again.close()
    }

    private static func firstReason(
        of token: PKCS11Token, where isMeant: (String) -> Bool
    ) async throws -> String {
        for _ in 0..<500 {
            do throws(TokenError) {
                try await token.checkHealth()
            } catch .unavailable(let reason) where isMeant(reason) {
                return reason
            } catch {
                // Not yet.
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw TokenError.failed("the token did not say so within five seconds")
    }
}
