/// Elliptic curves (Current Mechanisms v2.40 §2.3, and v3.0 for Edwards curves).
extension Mechanism {
    /// Makes a key pair on the curve that the public template names, with `.ecParameters`.
    public static let ecKeyPairGen = Mechanism(.ecKeyPairGen)

    /// ECDSA over an existing hash. The signature is r and s, each as long as the curve's order.
    public static let ecdsa = Mechanism(.ecdsa)

    /// ECDSA over a message, which the token hashes. SoftHSM 2.6 does not support these.
    public static let ecdsaSHA256 = Mechanism(.ecdsaSHA256)
    /// The same with SHA-384.
    public static let ecdsaSHA384 = Mechanism(.ecdsaSHA384)
    /// The same with SHA-512.
    public static let ecdsaSHA512 = Mechanism(.ecdsaSHA512)

    /// Makes a key pair on an Edwards curve (v3.0).
    public static let ecEdwardsKeyPairGen = Mechanism(.ecEdwardsKeyPairGen)

    /// Ed25519 over a message, without a context (v3.0).
    public static let edDSA = Mechanism(.edDSA)

    /// Diffie-Hellman with another party's public point.
    ///
    /// - Parameters:
    ///   - publicPoint: uncompressed, bare or as a DER octet string; modules differ in what they accept.
    ///   - kdf: the derivation from the shared secret.
    ///   - sharedData: goes into the derivation; empty for ``KeyDerivation/none``.
    public static func ecdh1Derive(
        publicPoint: [UInt8], kdf: KeyDerivation = .none, sharedData: [UInt8] = []
    ) -> Mechanism {
        Mechanism(.ecdh1Derive, .ecdh1(kdf: kdf, publicPoint: publicPoint, sharedData: sharedData))
    }
}
