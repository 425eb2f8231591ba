import Foundation
import KMSTesting
import KeyManagement
import Logging
import SecretMemory
import ServiceTesting
import Synchronization
import Testing
import TokenProcess

/// The PKCS#11 module in a separate process: the real one, on SoftHSM, with the real service or without.
@Suite struct IsolationTests {
    /// The time in seconds during which the process is killed every second; `KMS_KILL_SECONDS` increases it.
    private static let seconds = ProcessInfo.processInfo.environment["KMS_KILL_SECONDS"].flatMap(Int.init) ?? 6

    private func open(
        on machine: Machine, deadline: Duration = .seconds(5), silenceLimit: Duration = .seconds(5)
    ) async throws -> RemoteToken {
        try await RemoteToken.open(
            TokenProcessConfiguration(
                program: Command.product, arguments: ["token-process"], environment: machine.environment,
                deadline: deadline, silenceLimit: silenceLimit),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    @Test func `the token contract holds for a token in another process`() async throws {
        let machine = try await Machine()
        let token = try await open(on: machine)
        for clause in TokenContract.all { try await clause.check(token) }
        #expect(token.auditKey != nil && token.algorithms.count > 5 && !token.importMethods.isEmpty)
        #expect(try await token.signAudit([UInt8](repeating: 1, count: 32)).count == 64)
        for algorithm in token.algorithms.sorted(by: { $0.rawValue < $1.rawValue })
        where algorithm.usages.contains(.signVerify) {
            let made = try await token.generateKey(algorithm, for: .signVerify)
            let key = VersionKey(
                id: VersionID(key: KeyID(), number: .first), algorithm: algorithm, usage: .signVerify,
                wrapped: made.wrapped, publicKey: made.publicKey)
            for signature in SignatureAlgorithm.allowed(for: algorithm) {
                let input = [UInt8](repeating: 1, count: signature.hash?.byteCount ?? 100)
                // Each signature was verified before it arrived here.
                #expect(try await token.sign([input, input], by: signature, with: key).count == 2, "\(signature)")
            }
        }
        await token.close()
    }

    @Test func `a process that was killed is replaced, and works on what the one before made`() async throws {
        let machine = try await Machine()
        let token = try await open(on: machine)
        let key = VersionKey(
            id: VersionID(key: KeyID(), number: .first), algorithm: .aes256GCM96, usage: .encryptDecrypt,
            wrapped: try await token.generateKey(.aes256GCM96, for: .encryptDecrypt).wrapped)
        let secret = SecretBytes(copying: Array("kept".utf8))
        let box = try #require(try await token.encrypt([Encryption(secret, additionalData: [1])], with: key).first)
        let first = try #require(token.processID)
        kill(first, SIGKILL)
        let results = try await untilAvailable { () async throws(TokenError) in
            try await token.decrypt([Decryption(box, additionalData: [1])], with: key)
        }
        #expect(try results.first?.get() == secret)
        #expect(token.processID != first)
        await token.close()
        await #expect(throws: TokenError.unavailable("the token is being closed")) { try await token.checkHealth() }
    }

    @Test func `a process that says nothing is ended and replaced, and callers are answered meanwhile`() async throws {
        let machine = try await Machine()
        let token = try await open(on: machine, deadline: .milliseconds(300), silenceLimit: .seconds(1))
        let first = try #require(token.processID)
        kill(first, SIGSTOP)
        let started = ContinuousClock.now
        await #expect(throws: TokenError.self) { try await token.checkHealth() }
        #expect(ContinuousClock.now - started < .seconds(1))
        try await untilAvailable { () async throws(TokenError) in try await token.checkHealth() }
        #expect(token.processID != first)
        await token.close()
    }

    @Test func `killed every second under load, it costs retries and nothing else`() async throws {
        let machine = try await Machine()
        let service = try await Service.start(on: machine, with: Machine.isolated)
        for number in 0..<4 {
            #expect(try await service.request("POST", "/keys", #"{"name":"k\#(number)"}"#).status == 201)
        }
        let tally = Tally()
        async let load: Void = withTaskGroup(of: Void.self) { group in
            for client in 0..<16 { group.addTask { await Self.work(client, service, tally) } }
        }
        for _ in 0..<Self.seconds {
            try await Task.sleep(for: .seconds(1))
            if let child = service.tokenProcessID { kill(child, SIGKILL) }
        }
        tally.end()
        await load
        let (right, retryable, wrong) = tally.counts
        #expect(wrong.isEmpty, "\(wrong.prefix(5))")
        #expect(right > 20 * Self.seconds, "\(right) right, \(retryable) to be tried again")
        try await untilReady(service)
        for (ciphertext, plaintext) in tally.issued {
            let answer = try await service.request("POST", "/decrypt", #"{"ciphertext":"\#(ciphertext)"}"#)
            #expect(answer.data["plaintext"] == plaintext)
        }
        #expect(await service.stop() == 0)
    }

    @Test func `the service says what is wrong with the token, whose process it is`() async throws {
        let machine = try await Machine()
        try machine.write("not-the-pin", to: "pin")
        let refused = try await machine.kms("serve", "--port", "0", with: Machine.isolated)
        #expect(refused.status == 3 && refused.errors.contains("refuses the PIN"), "\(refused.errors)")
        let descriptor = try await machine.kms(
            "serve", "--port", "0",
            with: Machine.isolated.merging([
                "KMS_TOKEN_URI": "pkcs11:token=kms?module-path=\(SoftHSMFolder.modulePath)&pin-source=fd:9"
            ]) { $1 })
        #expect(descriptor.status == 2 && descriptor.errors.contains("pin-source=file:"), "\(descriptor.errors)")
        let people = try await machine.kms("token-process")
        #expect(people.status == 64)
    }

    /// Verifies that the service's memory does not contain the module: it is not even loaded there.
    @Test func `the module is loaded in the token's process only, which ends with the service`() async throws {
        // Otherwise only root may look.
        let service = try await Service.start(
            on: try await Machine(), with: Machine.isolated.merging(["KMS_PROCESS_CORE_DUMPS": "true"]) { $1 })
        let child = try #require(service.tokenProcessID)
        // Read by cat, because a file of /proc arrives in short pieces, and Foundation stops after the first.
        func maps(_ process: Int32) async throws -> String {
            try await service.machine.run("cat", "/proc/\(process)/maps").text
        }
        let (own, others) = (try await maps(service.processID), try await maps(child))
        #expect(own.contains("/kms") && !own.contains("libsofthsm2"))
        #expect(others.contains("/kms") && others.contains("libsofthsm2"))
        await service.stop(SIGKILL)
        for _ in 0..<500 where kill(child, 0) == 0 { try await Task.sleep(for: .milliseconds(10)) }
        #expect(kill(child, 0) != 0)
    }

    // MARK: -

    /// The results that the clients saw.
    private final class Tally: Sendable {
        private struct State {
            var right = 0
            var retryable = 0
            var wrong: [String] = []
            var issued: [String: String] = [:]
            var isOver = false
        }

        private let state = Mutex(State())

        var isOver: Bool { state.withLock { $0.isOver } }
        func end() { state.withLock { $0.isOver = true } }
        func right(_ ciphertext: String, _ plaintext: String) {
            state.withLock { state in
                state.right += 1
                if state.issued.count < 200 { state.issued[ciphertext] = plaintext }
            }
        }
        func retryable() { state.withLock { $0.retryable += 1 } }
        func wrong(_ what: String) { state.withLock { $0.wrong.append(what) } }
        var counts: (Int, Int, [String]) { state.withLock { ($0.right, $0.retryable, $0.wrong) } }
        var issued: [String: String] { state.withLock { $0.issued } }
    }

    private static func work(_ client: Int, _ service: Service, _ tally: Tally) async {
        while !tally.isOver {
            do {
                let started = ContinuousClock.now
                let issued = try await service.request("POST", "/keys/k\(client % 4)/data-key")
                if ContinuousClock.now - started > .seconds(6) { tally.wrong("answered late") }
                guard issued.status == 200, let plaintext = issued.data["plaintext"],
                    let ciphertext = issued.data["ciphertext"]
                else {
                    try await refused(issued, tally)
                    continue
                }
                let opened = try await service.request("POST", "/decrypt", #"{"ciphertext":"\#(ciphertext)"}"#)
                if opened.status == 200, opened.data["plaintext"] == plaintext {
                    tally.right(ciphertext, plaintext)
                } else {
                    try await refused(opened, tally)
                }
            } catch {
                tally.wrong("\(error)")
            }
        }
    }

    private static func refused(_ answer: Service.Answer, _ tally: Tally) async throws {
        guard answer.status == 503 else {
            tally.wrong(answer.text)
            return
        }
        tally.retryable()
        try await Task.sleep(for: .milliseconds(20))
    }

    @discardableResult
    private func untilAvailable<Result>(
        _ body: () async throws(TokenError) -> Result
    ) async throws -> Result {
        let end = ContinuousClock.now + .seconds(10)
        while true {
            do throws(TokenError) {
                return try await body()
            } catch {
                guard ContinuousClock.now < end else { throw error }
                // The new process needs time to start.
                try await Task.sleep(for: .milliseconds(10))
            }
        }
    }

    private func untilReady(_ service: Service) async throws {
        for _ in 0..<500 {
            if try await service.request("POST", "/keys/k0/data-key").status == 200 { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("the service is not ready again")
    }
}
