/// A wrapped key to rewrap under the latest roots.
package struct KeyToRewrap: Sendable {
    /// The purpose of the key, which decides how the rewrapped key is verified.
    package enum Purpose: Hashable, Sendable {
        case version(KeyUsage)
        /// The private key of an import job.
        case importJob
    }

    package let name: String
    package let algorithm: KeyAlgorithm
    package let purpose: Purpose
    package let wrapped: WrappedKey
    /// The public key by which a private key is recognised.
    package let publicKey: PublicKeyInfo?

    package init(
        name: String, algorithm: KeyAlgorithm, purpose: Purpose, wrapped: WrappedKey, publicKey: PublicKeyInfo?
    ) {
        self.name = name
        self.algorithm = algorithm
        self.purpose = purpose
        self.wrapped = wrapped
        self.publicKey = publicKey
    }
}
