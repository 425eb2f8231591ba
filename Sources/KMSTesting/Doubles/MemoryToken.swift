internal import Crypto
internal import Foundation
public import KeyManagement
internal import Synchronization

/// A token made of swift-crypto instead of hardware: for faults and for speed, never for claims about custody.
///
/// It keeps the same contract as a real one (``TokenContract``). Its faults are switched on by ``fail(with:times:)``.
public final class MemoryToken: Token {
    public let identity: TokenIdentity
    public let algorithms: Set<KeyAlgorithm>
    private let wrappingKey = SymmetricKey(size: .bits256)
    private let integrityKey: SymmetricKey
    private let faults = Mutex<(error: TokenError, times: Int)?>(nil)
    private let forgotten = Mutex<[VersionID]>([])

    public init(
        label: String = "memory", serialNumber: String = "0001", algorithms: Set<KeyAlgorithm> = [.aes256GCM96]
    ) {
        integrityKey = SymmetricKey(size: .bits256)
        self.algorithms = algorithms
        let check = HMAC<SHA256>.authenticationCode(for: Array("root check".utf8), using: integrityKey)
        identity = TokenIdentity(
            label: label, serialNumber: serialNumber, epoch: .first, checkValue: Array(check))
    }

    /// Lets the next `times` calls fail.
    public func fail(with error: TokenError, times: Int = 1) {
        faults.withLock { $0 = (error, times) }
    }

    /// The versions that were forgotten, in order.
    public var forgottenVersions: [VersionID] { forgotten.withLock { $0 } }

    private func meetFault() throws(TokenError) {
        let fault: TokenError? = faults.withLock { fault in
            guard let current = fault, current.times > 0 else { return nil }
            fault = (current.error, current.times - 1)
            return current.error
        }
        if let fault { throw fault }
    }

    public func generateWrappedKey(_ algorithm: KeyAlgorithm) async throws(TokenError) -> WrappedKey {
        try meetFault()
        guard algorithms.contains(algorithm) else { throw .unsupported(algorithm.rawValue) }
        do {
            let blob = try AES.KeyWrap.wrap(SymmetricKey(size: .bits256), using: wrappingKey)
            return WrappedKey(mechanism: .aesKW, epoch: .first, blob: Array(blob))
        } catch {
            throw .failed("\(error)")
        }
    }

    public func seal(_ messages: [[UInt8]]) async throws(TokenError) -> [Seal] {
        try meetFault()
        return messages.map {
            Seal(epoch: .first, code: Array(HMAC<SHA256>.authenticationCode(for: $0, using: integrityKey)))
        }
    }

    public func verify(_ seals: [(seal: Seal, message: [UInt8])]) async throws(TokenError) -> [Bool] {
        try meetFault()
        return seals.map {
            $0.seal.epoch == .first
                && HMAC<SHA256>.isValidAuthenticationCode($0.seal.code, authenticating: $0.message, using: integrityKey)
        }
    }

    public func encrypt(
        _ plaintext: SecretBytes, additionalData: [UInt8], with key: VersionKey
    ) async throws(TokenError) -> SealedBox {
        try meetFault()
        let material = try unwrap(key)
        do {
            let box = try plaintext.withUnsafeBytes {
                try AES.GCM.seal($0, using: material, authenticating: additionalData)
            }
            return SealedBox(nonce: Array(box.nonce), ciphertextAndTag: Array(box.ciphertext) + Array(box.tag))
        } catch {
            throw .failed("\(error)")
        }
    }

    public func decrypt(
        _ box: SealedBox, additionalData: [UInt8], with key: VersionKey
    ) async throws(TokenError) -> SecretBytes {
        try meetFault()
        let material = try unwrap(key)
        guard let sealed = try? AES.GCM.SealedBox(combined: box.nonce + box.ciphertextAndTag),
            let plaintext = try? AES.GCM.open(sealed, using: material, authenticating: additionalData)
        else { throw .rejected }
        return SecretBytes(copying: plaintext)
    }

    public func issueDataKey(
        byteCount: Int, additionalData: [UInt8], with key: VersionKey
    ) async throws(TokenError) -> (plaintext: SecretBytes, box: SealedBox) {
        let plaintext = try await random(byteCount: byteCount)
        return (plaintext, try await encrypt(plaintext, additionalData: additionalData, with: key))
    }

    public func random(byteCount: Int) async throws(TokenError) -> SecretBytes {
        try meetFault()
        var generator = SystemRandomNumberGenerator()
        return SecretBytes(copying: (0..<byteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }

    public func forget(_ version: VersionID) async {
        forgotten.withLock { $0.append(version) }
    }

    public func checkHealth() async throws(TokenError) {
        try meetFault()
    }

    private func unwrap(_ key: VersionKey) throws(TokenError) -> SymmetricKey {
        do {
            return try AES.KeyWrap.unwrap(key.wrapped.blob, using: wrappingKey)
        } catch {
            throw .unwrapFailed("\(key.id)")
        }
    }
}
