import Crypto
import Foundation
import SecretMemory
import Synchronization
import Testing

@testable import KMSClient

/// A source of data keys that counts its calls.
private final class CountingSource: DataKeySource {
    private struct State {
        var keys: [[UInt8]: [UInt8]] = [:]
        var issued = 0
        var decrypted = 0
        var failure: KMSClientError?
    }

    private let state = Mutex(State())

    var issued: Int { state.withLock { $0.issued } }
    var decrypted: Int { state.withLock { $0.decrypted } }

    func fail(_ error: KMSClientError?) { state.withLock { $0.failure = error } }

    func issueDataKey(
        for key: String, size: DataKeySize, context: NameValuePairs
    ) async throws(KMSClientError) -> DataKeyAnswer {
        if let failure = state.withLock({ $0.failure }) { throw failure }
        let plaintext = (0..<32).map { _ in UInt8.random(in: .min ... .max) }
        let wrapped = state.withLock { state in
            state.issued += 1
            let wrapped = Array("wrapped \(state.issued)".utf8)
            state.keys[wrapped] = plaintext
            return wrapped
        }
        return DataKeyAnswer(
            keyId: key, version: 1, plaintext: Base64Secret(SecretBytes(copying: plaintext)),
            ciphertext: Base64Bytes(wrapped).text, ciphertextText: "")
    }

    func decrypt(
        _ ciphertext: String, key: String?, context: NameValuePairs
    ) async throws(KMSClientError) -> SecretBytes {
        let wrapped = Array(Data(base64Encoded: ciphertext) ?? Data())
        let plaintext = state.withLock { state in
            state.decrypted += 1
            return state.keys[wrapped]
        }
        guard let plaintext else { throw .invalidCredential }
        return SecretBytes(copying: plaintext)
    }
}

@Suite(.timeLimit(.minutes(1))) struct EnvelopeEncryptionTests {
    private let place = Array("row 17".utf8)
    private let secret = Array("a secret".utf8)

    private func reader(_ source: CountingSource, cached: Int = 64) -> EnvelopeEncryption {
        var limits = EnvelopeEncryption.Limits()
        limits.maxCachedKeys = cached
        return EnvelopeEncryption(key: "k", of: source, limits: limits)
    }

    @Test(arguments: [0, 1, 16, 5000]) func `a value is decrypted again, by another process too`(_ length: Int)
        async throws
    {
        let source = CountingSource()
        let plaintext = [UInt8](repeating: 7, count: length)
        let bytes = try await reader(source).encrypt(plaintext, associatedData: place).bytes
        let value = try #require(EncryptedValue(bytes: bytes))
        #expect(try await reader(source).decrypt(value, associatedData: place) == SecretBytes(copying: plaintext))
    }

    @Test func `the format is as documented, and AES-GCM by another implementation decrypts it`() async throws {
        let source = CountingSource()
        let bytes = try await reader(source).encrypt(secret, associatedData: place).bytes
        let wrapped = Array("wrapped 1".utf8)
        #expect(Array(bytes.prefix(3 + wrapped.count)) == [1, 0, UInt8(wrapped.count)] + wrapped)
        let key = try await source.decrypt(Data(wrapped).base64EncodedString(), key: nil, context: [:])
        let box = try AES.GCM.SealedBox(combined: bytes.dropFirst(3 + wrapped.count))
        let authenticated = Array("hsm-kms envelope value".utf8) + bytes.prefix(3 + wrapped.count) + place
        let opened = try AES.GCM.open(
            box, using: key.withUnsafeBytes { SymmetricKey(data: $0) }, authenticating: authenticated)
        #expect(Array(opened) == secret)
    }

    @Test func `a data key encrypts so many values and no more`() async throws {
        let source = CountingSource()
        var limits = EnvelopeEncryption.Limits()
        limits.maxValues = 3
        let envelope = EnvelopeEncryption(key: "k", of: source, limits: limits)
        for count in 1...7 {
            _ = try await envelope.encrypt(secret, associatedData: place)
            #expect(source.issued == (count + 2) / 3)
        }
    }

    @Test func `a data key encrypts for so long and no longer`() async throws {
        let source = CountingSource()
        var limits = EnvelopeEncryption.Limits()
        limits.maxAge = .seconds(10)
        let clock = ManualClock()
        let envelope = EnvelopeEncryption(key: "k", of: source, limits: limits, now: { clock.now })
        for (step, issued) in [(0, 1), (9, 1), (1, 2), (9, 2), (1, 3)] {
            clock.advance(by: .seconds(step))
            _ = try await envelope.encrypt(secret, associatedData: place)
            #expect(source.issued == issued)
        }
    }

    @Test func `values at the same time share one data key`() async throws {
        let source = CountingSource()
        let envelope = reader(source)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask { [place, secret] in _ = try await envelope.encrypt(secret, associatedData: place) }
            }
            try await group.waitForAll()
        }
        #expect(source.issued == 1)
    }

    @Test func `a failed request is repeated by the next value`() async throws {
        let source = CountingSource()
        let envelope = reader(source)
        source.fail(.invalidCredential)
        await #expect(throws: EnvelopeError.self) { try await envelope.encrypt(secret, associatedData: place) }
        source.fail(nil)
        _ = try await envelope.encrypt(secret, associatedData: place)
        #expect(source.issued == 1)
    }

    @Test func `data keys of values that are read are cached, within the bound`() async throws {
        let source = CountingSource()
        var values: [EncryptedValue] = []
        for _ in 0..<3 { values.append(try await reader(source).encrypt(secret, associatedData: place)) }
        let envelope = reader(source, cached: 2)
        for (index, decrypted) in [(0, 1), (0, 1), (1, 2), (0, 2), (2, 3), (0, 3), (1, 4)] {
            _ = try await envelope.decrypt(values[index], associatedData: place)
            #expect(source.decrypted == decrypted)
        }
    }

    @Test func `any changed byte and another place are detected`() async throws {
        let source = CountingSource()
        let envelope = reader(source)
        let bytes = try await envelope.encrypt(secret, associatedData: place).bytes
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1
            guard let value = EncryptedValue(bytes: changed) else { continue }
            await #expect(throws: EnvelopeError.self) { try await envelope.decrypt(value, associatedData: place) }
        }
        let value = try #require(EncryptedValue(bytes: bytes))
        await #expect(throws: EnvelopeError.self) {
            try await envelope.decrypt(value, associatedData: Array("row 18".utf8))
        }
        for length in 0..<bytes.count {
            guard let value = EncryptedValue(bytes: Array(bytes.prefix(length))) else { continue }
            await #expect(throws: EnvelopeError.self) { try await envelope.decrypt(value, associatedData: place) }
        }
    }
}

/// A clock that stands still until it is advanced.
private final class ManualClock: Sendable {
    private let time = Mutex(ContinuousClock.now)

    var now: ContinuousClock.Instant { time.withLock { $0 } }

    func advance(by duration: Duration) { time.withLock { $0 += duration } }
}
