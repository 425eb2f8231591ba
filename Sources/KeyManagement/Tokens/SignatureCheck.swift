internal import LibCrypto
import Synchronization

/// Verifies what a token signed with the public half of the key, before anybody else sees it. A wrong signature can give the private half
/// away (Boneh, DeMillo and Lipton 1997, for RSA), and a token that another process has may lie.
package final class SignatureCheck: Sendable {
    private let known: Mutex<LeastRecentlyUsed<PublicKeyInfo, PublicKey>>

    package init(capacity: Int) {
        known = Mutex(LeastRecentlyUsed(capacity: capacity))
    }

    /// Whether each signature is the key's, over its input. Takes up to a millisecond for each, so it is not for Swift's cooperative pool.
    ///
    /// - Parameters:
    ///   - signatures: as the `Token` port has them: for ECDSA `r | s`.
    ///   - inputs: digests, or for Ed25519 messages; as many as signatures.
    package func areGenuine(
        _ signatures: [[UInt8]], over inputs: [[UInt8]], by algorithm: SignatureAlgorithm, with info: PublicKeyInfo
    ) -> Bool {
        guard signatures.count == inputs.count, let key = key(info) else { return false }
        return zip(signatures, inputs).allSatisfy { signature, input in
            let scheme = algorithm.libCrypto
            switch scheme {
            case .ed25519: return key.verify(signature, ofMessage: input, scheme: scheme)
            case .rsaPKCS1, .rsaPSS: return key.verify(signature, over: input, scheme: scheme)
            case .ecdsa:
                guard let der = ECDSASignature.der(fromRaw: signature) else { return false }
                return key.verify(der, over: input, scheme: scheme)
            }
        }
    }

    private func key(_ info: PublicKeyInfo) -> PublicKey? {
        if let key = known.withLock({ $0.use(info) }) { return key }
        guard let key = try? PublicKey(der: info.der) else { return nil }
        known.withLock { _ = $0.insert(key, for: info) }
        return key
    }
}
