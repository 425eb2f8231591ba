/// A wrapped key to rewrap under the latest roots.
public struct KeyToRewrap: Sendable {
    /// The purpose of the key, which decides how the rewrapped key is verified.
    public enum Purpose: Hashable, Sendable {
        case version(KeyUsage)
        /// The private key of an import job.
        case importJob
    }

    public let name: String
    public let algorithm: KeyAlgorithm
    public let purpose: Purpose
    public let wrapped: WrappedKey
    /// The public key by which a private key is recognised.
    public let publicKey: PublicKeyInfo?

    public init(
        name: String, algorithm: KeyAlgorithm, purpose: Purpose, wrapped: WrappedKey, publicKey: PublicKeyInfo?
    ) {
        self.name = name
        self.algorithm = algorithm
        self.purpose = purpose
        self.wrapped = wrapped
        self.publicKey = publicKey
    }
}
