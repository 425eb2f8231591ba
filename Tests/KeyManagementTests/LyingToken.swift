import KMSTesting
import KeyManagement
import SecretMemory
import Synchronization

/// A token whose answers have a form other than the requests determine, while it is told to lie.
final class LyingToken: Token {
    enum Lie: CaseIterable {
        case nothing, oneTooFew, oneTooMany, tooLong
    }

    private let token: any Token
    private let lie = Mutex<Lie?>(nil)

    init(_ token: any Token) {
        self.token = token
    }

    func tell(_ lie: Lie?) { self.lie.withLock { $0 = lie } }

    /// - Parameter longer: makes one answer longer, or wrong in another detectable way.
    private func bent<Item>(_ items: [Item], _ longer: (Item) -> Item) -> [Item] {
        guard let lie = lie.withLock({ $0 }), let last = items.last else { return items }
        switch lie {
        case .nothing: return []
        case .oneTooFew: return items.dropLast()
        case .oneTooMany: return items + [last]
        case .tooLong: return items.dropLast() + [longer(last)]
        }
    }

    private func bent(_ secret: SecretBytes) -> SecretBytes {
        guard lie.withLock({ $0 }) != nil else { return secret }
        return SecretBytes(copying: secret.withUnsafeBytes { Array($0) } + [0])
    }

    private func longer(_ box: SealedBox) -> SealedBox {
        SealedBox(nonce: box.nonce, ciphertextAndTag: box.ciphertextAndTag + [0])
    }

    private func bent(_ key: NewKey) -> NewKey {
        guard lie.withLock({ $0 }) != nil else { return key }
        return NewKey(
            wrapped: key.wrapped, publicKey: key.publicKey == nil ? PublicKeyInfo(der: [0x30, 0]) : nil,
            checkValue: key.checkValue)
    }

    private func bent(_ wrapped: WrappedKey) -> WrappedKey {
        guard lie.withLock({ $0 }) != nil else { return wrapped }
        return WrappedKey(mechanism: wrapped.mechanism, epoch: wrapped.epoch, blob: [])
    }

    func perform<Call: TokenCall>(_ call: Call) async throws(TokenError) -> Call.Answer {
        let answer = try await token.perform(call)
        // The form of this answer is not determined by the call.
        guard !(call is ExamineRootsCall) else { return answer }
        return bent(answer) as? Call.Answer ?? answer
    }

    /// Bends an answer whose form the call determines, and returns any other as it is.
    private func bent(_ answer: any Sendable) -> any Sendable {
        switch answer {
        case let seals as [Seal]: bent(seals) { Seal(epoch: $0.epoch, code: $0.code + [0]) }
        // A verdict has no length.
        case let verdicts as [Bool]:
            lie.withLock { $0 } == .tooLong ? verdicts + [true] : bent(verdicts) { $0 }
        case let boxes as [SealedBox]: bent(boxes, longer)
        case let results as [TokenResult<SecretBytes>]: bent(results) { $0.map(bent) }
        case let dataKeys as [TokenDataKey]:
            bent(dataKeys) { TokenDataKey(plaintext: bent($0.plaintext), box: $0.box) }
        case let codes as [[UInt8]]: bent(codes) { $0 + [0] }
        case let signature as [UInt8]: lie.withLock { $0 } == nil ? signature : signature.reversed()
        case let wrapped as [WrappedKey]: bent(wrapped, bent)
        case let examinations as [KeyExamination]: bent(examinations, ofAnother)
        case let secret as SecretBytes: bent(secret)
        case let key as NewKey: bent(key)
        case let pair as DataKeyPairMaterial: bent(pair)
        case let wrapped as WrappedKey: bent(wrapped)
        default: answer
        }
    }

    private func bent(_ pair: DataKeyPairMaterial) -> DataKeyPairMaterial {
        guard lie.withLock({ $0 }) != nil else { return pair }
        return DataKeyPairMaterial(privateKey: pair.privateKey, publicKey: PublicKeyInfo(der: [0x30, 0]))
    }

    private func ofAnother(_ examination: KeyExamination) -> KeyExamination {
        KeyExamination(
            key: "another", attributes: examination.attributes, allowedMechanisms: [], checkValue: nil, trials: [],
            findings: [])
    }

    var identity: TokenIdentity { token.identity }
    var algorithms: Set<KeyAlgorithm> { token.algorithms }
    var agreementAlgorithms: Set<KeyAlgorithm> { token.agreementAlgorithms }
    var importMethods: Set<ImportMethod> { token.importMethods }
    var auditKey: PublicKeyInfo? { token.auditKey }
}
