internal import Crypto
internal import Foundation
package import KeyManagement
package import SecretMemory
internal import Synchronization

/// A token made of swift-crypto instead of hardware: for faults and for speed, never for claims about custody.
///
/// It fulfils the same contract as a real one (``TokenContract``), for AES, HMAC and ECDSA on the NIST curves. It has no RSA
/// and imports nothing. `fail(with:times:)` switches on its faults.
package final class MemoryToken: Token, TokenOperations {
    package let algorithms: Set<KeyAlgorithm>
    package let importMethods: Set<ImportMethod> = []
    package var agreementAlgorithms: Set<KeyAlgorithm> { algorithms.intersection([.ecP256, .ecP384, .ecP521]) }
    private let label: String
    private let serialNumber: String
    private let roots: Mutex<[RootEpoch: Roots]>
    private let auditKeyPair: P256.Signing.PrivateKey
    private let calls = Atomic(0)
    private let faults = Mutex<(error: TokenError, times: Int)?>(nil)
    private let forgotten = Mutex<[VersionID]>([])

    /// All algorithms that it supports.
    package static let allAlgorithms: Set<KeyAlgorithm> = [
        .aes256GCM96, .hmacSHA256, .hmacSHA384, .hmacSHA512, .ecP256, .ecP384, .ecP521,
    ]

    package init(
        label: String = "memory", serialNumber: String = "0001",
        algorithms: Set<KeyAlgorithm> = MemoryToken.allAlgorithms
    ) {
        self.label = label
        self.serialNumber = serialNumber
        roots = Mutex([.first: Roots()])
        auditKeyPair = P256.Signing.PrivateKey()
        self.algorithms = algorithms
    }

    private init(twinOf other: MemoryToken) {
        label = other.label
        serialNumber = other.serialNumber + "'"
        roots = Mutex(other.roots.withLock { $0 })
        auditKeyPair = other.auditKeyPair
        algorithms = other.algorithms
    }

    /// Returns another token with the same root keys, and faults of its own.
    package func twin() -> MemoryToken { MemoryToken(twinOf: self) }

    /// The number of calls.
    package var callCount: Int { calls.load(ordering: .relaxed) }

    /// Makes the next `times` calls fail.
    package func fail(with error: TokenError, times: Int = 1) {
        faults.withLock { $0 = (error, times) }
    }

    /// The versions that were evicted, in order.
    package var forgottenVersions: [VersionID] { forgotten.withLock { $0 } }

    func meetFault() throws(TokenError) {
        calls.add(1, ordering: .relaxed)
        let fault: TokenError? = faults.withLock { fault in
            guard let current = fault, current.times > 0 else { return nil }
            fault = (current.error, current.times - 1)
            return current.error
        }
        if let fault { throw fault }
    }

    package func generateKey(_ call: GenerateKeyCall) async throws(TokenError) -> NewKey {
        let (algorithm, usage) = (call.algorithm, call.usage)
        try meetFault()
        guard algorithms.contains(algorithm), algorithm.usages.contains(usage) else {
            throw .unsupported(algorithm.rawValue)
        }
        switch algorithm.family {
        case .aes: return NewKey(wrapped: try wrap(Self.randomBytes(32)))
        case .hmac(let hash): return NewKey(wrapped: try wrap(Self.randomBytes(hash.byteCount)))
        case .ec(let curve):
            let (secret, der) = Self.newKeyPair(on: curve)
            return NewKey(wrapped: try wrap(secret), publicKey: PublicKeyInfo(der: der))
        case .rsa, .ed25519: throw .unsupported(algorithm.rawValue)
        }
    }

    package var auditKey: PublicKeyInfo? { PublicKeyInfo(der: Array(auditKeyPair.publicKey.derRepresentation)) }

    package func signAudit(_ call: SignAuditCall) async throws(TokenError) -> [UInt8] {
        try meetFault()
        do {
            return Array(try auditKeyPair.signature(for: GivenDigest(bytes: call.digest)).rawRepresentation)
        } catch {
            throw .failed("\(error)")
        }
    }

    package func seal(_ call: SealCall) async throws(TokenError) -> [Seal] {
        try meetFault()
        let (epoch, root) = current
        return call.messages.map {
            Seal(epoch: epoch, code: Array(HMAC<SHA256>.authenticationCode(for: $0, using: root.integrity)))
        }
    }

    package func verify(_ call: VerifySealsCall) async throws(TokenError) -> [Bool] {
        try meetFault()
        let roots = roots.withLock { $0 }
        return call.seals.map { claim in
            roots[claim.seal.epoch].map {
                HMAC<SHA256>.isValidAuthenticationCode(
                    claim.seal.code, authenticating: claim.message, using: $0.integrity)
            } ?? false
        }
    }

    package func encrypt(_ call: EncryptCall) async throws(TokenError) -> [SealedBox] {
        let (items, key) = (call.items, call.key)
        try meetFault()
        let material = SymmetricKey(data: try unwrap(key))
        do {
            return try items.map { item in
                let box = try item.plaintext.withUnsafeBytes {
                    try AES.GCM.seal($0, using: material, authenticating: item.additionalData)
                }
                return SealedBox(nonce: Array(box.nonce), ciphertextAndTag: Array(box.ciphertext) + Array(box.tag))
            }
        } catch {
            throw .failed("\(error)")
        }
    }

    package func decrypt(_ call: DecryptCall) async throws(TokenError) -> [TokenResult<SecretBytes>] {
        let (items, key) = (call.items, call.key)
        try meetFault()
        let material = SymmetricKey(data: try unwrap(key))
        return items.map { item in
            guard let sealed = try? AES.GCM.SealedBox(combined: item.box.nonce + item.box.ciphertextAndTag),
                let plaintext = try? AES.GCM.open(sealed, using: material, authenticating: item.additionalData)
            else { return .failure(.rejected) }
            return .success(SecretBytes(copying: plaintext))
        }
    }

    package func issueDataKeys(_ call: IssueDataKeysCall) async throws(TokenError) -> [TokenDataKey] {
        let (orders, key) = (call.orders, call.key)
        let plaintexts = orders.map { SecretBytes(copying: Self.randomBytes($0.byteCount)) }
        let items = zip(plaintexts, orders).map { Encryption($0, additionalData: $1.additionalData) }
        return zip(plaintexts, try await encrypt(items, with: key)).map { TokenDataKey(plaintext: $0, box: $1) }
    }

    package func authenticate(_ call: AuthenticateCall) async throws(TokenError) -> [[UInt8]] {
        let (messages, key) = (call.messages, call.key)
        try meetFault()
        let material = SymmetricKey(data: try unwrap(key))
        guard case .hmac(let hash) = key.algorithm.family, hash != .sha224 else { throw .failed("no HMAC key") }
        return messages.map { message in
            switch hash {
            case .sha1, .sha256: Array(HMAC<SHA256>.authenticationCode(for: message, using: material))
            case .sha224: []
            case .sha384: Array(HMAC<SHA384>.authenticationCode(for: message, using: material))
            case .sha512: Array(HMAC<SHA512>.authenticationCode(for: message, using: material))
            }
        }
    }

    package func wrapSecret(_ call: WrapSecretCall) async throws(TokenError) -> WrappedKey {
        let secret = call.secret
        try meetFault()
        // It has AES-KW only, which takes multiples of 8 bytes.
        guard secret.count.isMultiple(of: 8) else { throw .unsupported("\(secret.count) bytes are no whole blocks") }
        return try wrap(secret.withUnsafeBytes { Array($0) })
    }

    package func random(_ call: RandomCall) async throws(TokenError) -> SecretBytes {
        try meetFault()
        return SecretBytes(copying: Self.randomBytes(call.byteCount))
    }

    package func forget(_ call: ForgetCall) async {
        forgotten.withLock { $0.append(call.version) }
    }

    package func checkHealth(_ call: CheckHealthCall) async throws(TokenError) {
        try meetFault()
    }

    private static func randomBytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    private func wrap(_ secret: [UInt8]) throws(TokenError) -> WrappedKey {
        do {
            // Padded to whole blocks of 8 bytes; curves know their lengths.
            let filled = [UInt8](repeating: 0, count: (8 - secret.count % 8) % 8) + secret
            let (epoch, root) = current
            let blob = try AES.KeyWrap.wrap(SymmetricKey(data: filled), using: root.wrapping)
            return WrappedKey(mechanism: .aesKW, epoch: epoch, blob: Array(blob))
        } catch {
            throw .failed("\(error)")
        }
    }

    func unwrap(_ key: VersionKey) throws(TokenError) -> [UInt8] {
        try unwrap(key.wrapped, "\(key.id)")
    }

    private func unwrap(_ wrapped: WrappedKey, _ name: String) throws(TokenError) -> [UInt8] {
        guard let root = roots.withLock({ $0[wrapped.epoch] }),
            let unwrapped = try? AES.KeyWrap.unwrap(wrapped.blob, using: root.wrapping)
        else { throw .unwrapFailed(name) }
        return unwrapped.withUnsafeBytes { Array($0) }
    }
}

extension MemoryToken {
    /// The keys of an epoch.
    private struct Roots {
        let wrapping = SymmetricKey(size: .bits256)
        let integrity = SymmetricKey(size: .bits256)

        var checkValue: [UInt8] {
            Array(HMAC<SHA256>.authenticationCode(for: Array("root check".utf8), using: integrity))
        }
    }

    private var current: (RootEpoch, Roots) {
        roots.withLock { roots in
            roots.max { $0.key < $1.key }.map { ($0.key, $0.value) } ?? (.first, Roots())
        }
    }

    package var identity: TokenIdentity {
        let values = roots.withLock { $0.mapValues(\.checkValue) }
        return TokenIdentity(label: label, serialNumber: serialNumber, checkValues: values)
            ?? TokenIdentity(label: label, serialNumber: serialNumber, epoch: .first, checkValue: [])
    }

    package func facts(_ call: FactsCall) async throws(TokenError) -> TokenFacts {
        try meetFault()
        return TokenFacts(
            label: label, serialNumber: serialNumber, manufacturer: "hsm-kms", model: "memory", hardwareVersion: "0.0",
            firmwareVersion: "0.0", module: "none", moduleManufacturer: "hsm-kms", moduleDescription: "no module",
            moduleVersion: "0.0", cryptokiVersion: "0.0", moduleSHA256: nil)
    }

    /// Returns examinations without evidence, because keys in this process's memory prove nothing.
    package func examineRoots(_ call: ExamineRootsCall) async throws(TokenError) -> [KeyExamination] {
        try meetFault()
        return identity.checkValues.keys.sorted().map { Self.examination(of: "root \($0)") }
    }

    package func examine(_ call: ExamineCall) async throws(TokenError) -> [KeyExamination] {
        try meetFault()
        return call.keys.map { Self.examination(of: $0.id.description) }
    }

    private static func examination(of name: String) -> KeyExamination {
        KeyExamination(
            key: name, attributes: [:], allowedMechanisms: [], checkValue: nil, trials: [],
            findings: ["the key is in the memory of the process"])
    }

    package func readIdentity(_ call: ReadIdentityCall) async throws(TokenError) -> TokenIdentity {
        try meetFault()
        return identity
    }

    package func makeRoots(_ call: MakeRootsCall) async throws(TokenError) -> TokenIdentity {
        let epoch = call.epoch
        try meetFault()
        guard identity.epoch.next == epoch else { throw .unsupported("epoch \(epoch) is not the next") }
        roots.withLock { $0[epoch] = Roots() }
        return identity
    }

    package func destroyRoots(_ call: DestroyRootsCall) async throws(TokenError) -> TokenIdentity {
        let epoch = call.epoch
        try meetFault()
        guard epoch < identity.epoch else { throw .unsupported("epoch \(epoch) is the latest") }
        roots.withLock { $0[epoch] = nil }
        return identity
    }

    package func rewrap(_ call: RewrapCall) async throws(TokenError) -> [WrappedKey] {
        try meetFault()
        var rewrapped: [WrappedKey] = []
        for key in call.keys { rewrapped.append(try wrap(try unwrap(key.wrapped, key.name))) }
        return rewrapped
    }
}
