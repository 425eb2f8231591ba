import Crypto
import Foundation
import ServiceTesting
import Synchronization

/// Clients that use the service and check each answer: it must be right or retryable.
final class VerifyingLoad: Sendable {
    /// The findings since ``take()``.
    struct Findings: Sendable {
        var right = 0
        var retryable = 0
        var wrong: [String] = []
        var late: [String] = []
    }

    private struct State {
        var findings = Findings()
        var acknowledged: [String: String] = [:]
        var isOver = false
    }

    private let service: Service
    private let limit: Duration
    private let publicKey: P256.Signing.PublicKey
    private let state = Mutex(State())

    /// The number of keys. It exceeds the service's handle capacity, so that keys are unwrapped all the time.
    static let keyCount = 6

    /// Makes the keys.
    ///
    /// - Parameter limit: the time after which an answer is late.
    init(_ service: Service, limit: Duration) async throws {
        self.service = service
        self.limit = limit
        for number in 0..<Self.keyCount {
            guard try await service.request("POST", "/keys", #"{"name":"k\#(number)"}"#).status == 201 else {
                throw CommandFailure("key k\(number) was not made")
            }
        }
        _ = try await service.request("POST", "/keys", #"{"name":"s","algorithm":"EC-P256"}"#)
        _ = try await service.request("POST", "/keys", #"{"name":"m","algorithm":"HMAC-SHA256"}"#)
        let der = try await service.request("GET", "/keys/s/public-key").data["der"] ?? ""
        publicKey = try P256.Signing.PublicKey(derRepresentation: Data(base64Encoded: der) ?? Data())
    }

    /// Runs `clients` clients until ``end()``.
    func run(clients: Int) async {
        await withTaskGroup(of: Void.self) { group in
            for client in 0..<clients {
                group.addTask {
                    while !self.state.withLock({ $0.isOver }) { await self.step(client) }
                }
            }
        }
    }

    func end() { state.withLock { $0.isOver = true } }

    /// Returns the findings so far and resets them.
    func take() -> Findings {
        state.withLock { state in
            defer { state.findings = Findings() }
            return state.findings
        }
    }

    /// The ciphertexts of successful answers, a few hundred of them, with their plaintexts.
    var acknowledged: [String: String] { state.withLock { $0.acknowledged } }

    /// Runs every operation once, and returns the failed ones.
    func round() async -> [String] {
        var failed: [String] = []
        for kind in Kind.allCases where kind != .rotate {
            guard let success = try? await perform(kind, client: 0), success else {
                failed.append("\(kind)")
                continue
            }
        }
        return failed
    }

    private enum Kind: CaseIterable {
        case dataKey, encrypt, tampered, sign, hmac, create, rotate
    }

    private func step(_ client: Int) async {
        let kind: Kind =
            switch Int.random(in: 0..<100) {
            case 0..<35: .dataKey
            case 35..<60: .encrypt
            case 60..<70: .tampered
            case 70..<82: .sign
            case 82..<94: .hmac
            case 94..<98: .create
            default: .rotate
            }
        do {
            if try await perform(kind, client: client) == false {
                // A client that is told to retry does not retry at once.
                try await Task.sleep(for: .milliseconds(10))
            }
        } catch {
            state.withLock { $0.findings.wrong.append("\(kind): \(error)") }
        }
    }

    // MARK: Operations

    /// - Returns: true if it succeeded; otherwise it was refused as retryable, or recorded as wrong.
    private func perform(_ kind: Kind, client: Int) async throws -> Bool {
        let key = "k\(Int.random(in: 0..<Self.keyCount))"
        switch kind {
        case .dataKey:
            guard let issued = try await ask(kind, "/keys/\(key)/data-key") else { return false }
            return try await opens(kind, issued, issued.data["plaintext"] ?? "", "")
        case .encrypt:
            let plaintext = Data("plaintext \(UUID())".utf8).base64EncodedString()
            let context = #","context":{"client":"\#(client)"}"#
            guard
                let encrypted = try await ask(
                    kind, "/keys/\(key)/encrypt", #"{"plaintext":"\#(plaintext)"\#(context)}"#)
            else { return false }
            return try await opens(kind, encrypted, plaintext, context)
        case .tampered: return try await refusesTampered(key)
        case .sign:
            let message = Data("message \(UUID())".utf8)
            let body = #"{"message":"\#(message.base64EncodedString())"}"#
            guard let signed = try await ask(kind, "/keys/s/sign", body) else { return false }
            let signature = try P256.Signing.ECDSASignature(
                derRepresentation: Data(base64Encoded: signed.data["signature"] ?? "") ?? Data())
            return isRight(kind, publicKey.isValidSignature(signature, for: message), signed)
        case .hmac:
            let message = Data("message \(UUID())".utf8).base64EncodedString()
            guard let made = try await ask(kind, "/keys/m/hmac", #"{"message":"\#(message)"}"#) else { return false }
            let body = #"{"message":"\#(message)","hmac":"\#(made.data["hmac"] ?? "")"}"#
            guard let verified = try await ask(kind, "/keys/m/verify-hmac", body) else { return false }
            return isRight(kind, ["1", "true"].contains(verified.data["valid"]), verified)
        case .create: return try await ask(kind, "/keys", #"{"name":"c\#(UUID())"}"#, success: 201) != nil
        case .rotate: return try await ask(kind, "/keys/k\(client % Self.keyCount)/rotate") != nil
        }
    }

    private func opens(
        _ kind: Kind, _ answer: Service.Answer, _ plaintext: String, _ context: String
    ) async throws -> Bool {
        let ciphertext = answer.data["ciphertext"] ?? ""
        if context.isEmpty {
            state.withLock { state in
                if state.acknowledged.count < 400 || Int.random(in: 0..<50) == 0 {
                    state.acknowledged[ciphertext] = plaintext
                }
            }
        }
        guard let opened = try await ask(kind, "/decrypt", #"{"ciphertext":"\#(ciphertext)"\#(context)}"#) else {
            return false
        }
        return isRight(kind, opened.data["plaintext"] == plaintext, opened)
    }

    /// Verifies that garbage input is refused as such and cannot take the service down.
    private func refusesTampered(_ key: String) async throws -> Bool {
        guard let issued = try await ask(.tampered, "/keys/\(key)/data-key") else { return false }
        var bytes = Data(base64Encoded: issued.data["ciphertext"] ?? "") ?? Data()
        guard !bytes.isEmpty else { return isRight(.tampered, false, issued) }
        bytes[bytes.count - 1] ^= 1
        let answer = try await timed(.tampered, "/decrypt", #"{"ciphertext":"\#(bytes.base64EncodedString())"}"#)
        if answer.status == 503 { return refused() }
        return isRight(.tampered, answer.status == 400 && answer.code == "DECRYPTION_FAILED", answer)
    }

    /// Sends one request, which must succeed. Returns nil if it is retryable, or was wrong.
    private func ask(
        _ kind: Kind, _ path: String, _ body: String? = nil, success: UInt = 200
    ) async throws -> Service.Answer? {
        let answer = try await timed(kind, path, body)
        if answer.status == success { return answer }
        // A lost race between two rotations of a key is not the token's failure.
        if answer.status == 503 || (kind == .rotate && answer.code == "CONFLICT") {
            _ = refused()
            return nil
        }
        _ = isRight(kind, false, answer)
        return nil
    }

    private func timed(_ kind: Kind, _ path: String, _ body: String?) async throws -> Service.Answer {
        let start = ContinuousClock.now
        let answer = try await service.request("POST", path, body)
        let took = ContinuousClock.now - start
        if took > limit { state.withLock { $0.findings.late.append("\(kind): \(took)") } }
        return answer
    }

    private func isRight(_ kind: Kind, _ isRight: Bool, _ answer: Service.Answer) -> Bool {
        state.withLock { state in
            if isRight { state.findings.right += 1 } else { state.findings.wrong.append("\(kind): \(answer.text)") }
        }
        return isRight
    }

    private func refused() -> Bool {
        state.withLock { $0.findings.retryable += 1 }
        return false
    }
}
