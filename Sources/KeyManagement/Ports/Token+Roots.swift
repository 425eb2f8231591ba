/// The part of a token that manages the life of its root keys.
public protocol RootToken: Sendable {
    /// The token and its roots, as far as this process knows.
    var identity: TokenIdentity { get }

    /// Reads which roots the token has now. Another process may have made or destroyed some.
    func readIdentity() async throws(TokenError) -> TokenIdentity

    /// Makes the roots of the epoch after the latest one, in the token.
    ///
    /// When it returns, new keys are wrapped and records sealed under them. If an interrupted call left half a pair, that half
    /// is removed first.
    ///
    /// - Throws: ``TokenError/unsupported(_:)`` if `epoch` is not the one after the latest.
    func makeRoots(_ epoch: RootEpoch) async throws(TokenError) -> TokenIdentity

    /// Wraps keys under the latest roots, inside the token, and verifies that each result is the same key.
    ///
    /// - Throws: ``TokenError/unwrapFailed(_:)`` if one of them cannot be unwrapped.
    func rewrap(_ keys: [KeyToRewrap]) async throws(TokenError) -> [WrappedKey]

    /// Destroys the roots of an epoch in the token, and verifies that they are gone. It does nothing if the epoch does not
    /// exist.
    ///
    /// Keys that were wrapped under these roots can never be unwrapped again.
    ///
    /// - Throws: ``TokenError/unsupported(_:)`` if it is the latest epoch.
    func destroyRoots(_ epoch: RootEpoch) async throws(TokenError) -> TokenIdentity
}

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
