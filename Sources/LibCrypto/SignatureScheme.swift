/// The scheme of a signature.
package enum SignatureScheme: Hashable, Sendable {
    /// RSASSA-PKCS1-v1_5 (RFC 8017 §8.2).
    case rsaPKCS1(HashFunction)
    /// RSASSA-PSS (RFC 8017 §8.1), with MGF1 of the same hash and a salt as long as the hash.
    case rsaPSS(HashFunction)
    /// ECDSA (FIPS 186-5 §6), with the signature in DER (RFC 3279 §2.2.3).
    case ecdsa(HashFunction)
    /// Pure EdDSA (RFC 8032 §5.1).
    case ed25519

    /// The hash of the message; nil if the message is signed whole.
    package var hash: HashFunction? {
        switch self {
        case .rsaPKCS1(let hash), .rsaPSS(let hash), .ecdsa(let hash): hash
        case .ed25519: nil
        }
    }
}
