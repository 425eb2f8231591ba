import Caching
internal import LibCrypto
import Synchronization

/// The verification of a token's signatures with the public key, before any caller sees them.
///
/// A wrong signature can reveal the private key (Boneh, DeMillo and Lipton 1997, for RSA), and a token in another process may
/// return false ones.
package final class SignatureCheck: Sendable {
    private let known: Mutex<LeastRecentlyUsed<PublicKeyInfo, PublicKey>>

    package init(capacity: Int) {
        known = Mutex(LeastRecentlyUsed(capacity: capacity))
    }

    /// Returns true if each signature was made by the key over its input. It takes up to 1 ms each, so it must not run on
    /// Swift's cooperative pool.
    ///
    /// - Parameters:
    ///   - signatures: in the form of the `Token` port: for ECDSA `r | s`.
    ///   - inputs: digests, or messages for Ed25519; as many as signatures.
    ///   - algorithm: the algorithm that signed.
    ///   - info: the public key.
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
