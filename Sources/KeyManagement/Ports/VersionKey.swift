/// A version key to use, which is unwrapped into the token if it is not there yet.
///
/// It is made only from a record whose seal was verified.
package struct VersionKey: Sendable {
    package let id: VersionID
    package let algorithm: KeyAlgorithm
    package let usage: KeyUsage
    package let wrapped: WrappedKey
    /// The public key, if there is one and the caller knows it. Signatures made by another process are verified with it.
    package let publicKey: PublicKeyInfo?

    package init(
        id: VersionID, algorithm: KeyAlgorithm, usage: KeyUsage, wrapped: WrappedKey, publicKey: PublicKeyInfo? = nil
    ) {
        self.id = id
        self.algorithm = algorithm
        self.usage = usage
        self.wrapped = wrapped
        self.publicKey = publicKey
    }
}
