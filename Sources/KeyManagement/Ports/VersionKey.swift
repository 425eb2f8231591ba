/// A version key to use, which is unwrapped into the token if it is not there yet.
///
/// It is made only from a record whose seal was verified.
public struct VersionKey: Sendable {
    public let id: VersionID
    public let algorithm: KeyAlgorithm
    public let usage: KeyUsage
    public let wrapped: WrappedKey
    /// The public key, if there is one and the caller knows it. Signatures made by another process are verified with it.
    public let publicKey: PublicKeyInfo?

    public init(
        id: VersionID, algorithm: KeyAlgorithm, usage: KeyUsage, wrapped: WrappedKey, publicKey: PublicKeyInfo? = nil
    ) {
        self.id = id
        self.algorithm = algorithm
        self.usage = usage
        self.wrapped = wrapped
        self.publicKey = publicKey
    }
}
